package io.medallion.gold.dimension;

import io.medallion.core.spark.Parallel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The business keys, by dimension, whose versions changes of the source may alter. */
public record AffectedKeys(List<MemberKeys> memberKeys) implements AutoCloseable {
  static AffectedKeys by(
      SilverChanges changes, Collection<DimensionTable> dimensions, int threads) {
    List<MemberKeys> memberKeys = Collections.synchronizedList(new ArrayList<>());
    List<Parallel.Work> work = new ArrayList<>();
    for (DimensionTable dimension : dimensions) {
      work.add(
          new Parallel.Work(
              dimension.table().qualifiedName(),
              () -> memberKeys.add(dimension.affectedKeys(changes))));
    }
    Parallel.run(changes.images().sparkSession(), threads, work);
    return new AffectedKeys(memberKeys);
  }

  @Override
  public void close() {
    memberKeys.forEach(MemberKeys::close);
  }
}
