package io.medallion.gold.dimension;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** Whether the versions of members follow one another. */
public final class MemberIntervals {
  private MemberIntervals() {}

  /**
   * Whether the versions of every member that an update changed are half-open, do not overlap, and
   * are current where nothing ended them.
   */
  public static boolean hold(DimensionRows dimension) {
    DimensionColumns columns = dimension.columns();
    for (List<InternalRow> member : dimension.versionsOfChangedMembers().values()) {
      List<InternalRow> versions = new ArrayList<>(member);
      versions.sort(Comparator.comparingInt(columns::from));
      for (int i = 0; i < versions.size(); i++) {
        InternalRow version = versions.get(i);
        int until = columns.until(version);
        boolean overlaps = i + 1 < versions.size() && columns.from(versions.get(i + 1)) < until;
        if (columns.from(version) >= until
            || overlaps
            || columns.isCurrent(version) != (until == MemberVersions.OPEN_END)) {
          return false;
        }
      }
    }
    return true;
  }
}
