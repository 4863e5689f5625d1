package io.medallion.gold.build;

import io.medallion.core.rows.RowImage;
import io.medallion.gold.table.RowDifference;
import io.medallion.gold.table.TableChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the last build changed in the tables of a star, in the driver's memory: whoever loads it
 * need not read it again.
 */
public final class BuildChanges {
  /** Of a build whose changes are not in memory. */
  public static final BuildChanges NONE = new BuildChanges(Map.of());

  private final Map<String, Change> byTable;

  private record Change(long after, long upTo, List<RowImage> images) {}

  private BuildChanges(Map<String, Change> byTable) {
    this.byTable = Map.copyOf(byTable);
  }

  /**
   * @param differences by table
   * @param before the versions that the build before left, by qualified name
   * @param committed what the build committed
   */
  static BuildChanges of(
      Map<String, RowDifference> differences,
      Map<String, Long> before,
      List<TableChange> committed) {
    Map<String, Change> changes = new HashMap<>();
    for (TableChange table : committed) {
      RowDifference difference = differences.get(table.table());
      Long after = before.get("gold." + table.table());
      if (difference != null && after != null) {
        changes.put(
            table.table(), new Change(after, table.version(), List.copyOf(difference.images())));
      }
    }
    return new BuildChanges(changes);
  }

  /**
   * Every image of the rows of a table that came or went in its versions after one up to another.
   *
   * @param table the table's name in gold
   * @return absent unless the build made just these versions
   */
  public Optional<List<RowImage>> between(String table, long after, long upTo) {
    return Optional.ofNullable(byTable.get(table))
        .filter(change -> change.after == after && change.upTo == upTo)
        .map(Change::images);
  }
}
