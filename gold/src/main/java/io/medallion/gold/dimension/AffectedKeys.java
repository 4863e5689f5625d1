package io.medallion.gold.dimension;

import io.medallion.core.spark.Parallel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The business keys, by dimension, whose versions changes of the source may alter. */
public record AffectedKeys(List<MemberKeys> memberKeys) implements AutoCloseable {
  /**
   * @param before the versions of the dimensions as the last build left them, by qualified name
   */
  static AffectedKeys by(
      SilverChanges changes,
      Collection<DimensionTable> dimensions,
      Map<String, Long> before,
      int threads) {
    List<MemberKeys> memberKeys = Collections.synchronizedList(new ArrayList<>());
    List<Parallel.Work> work = new ArrayList<>();
    for (DimensionTable dimension : dimensions) {
      work.add(
          new Parallel.Work(
              dimension.table().qualifiedName(),
              () ->
                  memberKeys.add(
                      dimension.affectedKeys(
                          changes, before.get(dimension.table().qualifiedName())))));
    }
    Parallel.run(changes.images().sparkSession(), threads, work);
    return new AffectedKeys(memberKeys);
  }

  @Override
  public void close() {
    memberKeys.forEach(MemberKeys::close);
  }
}
