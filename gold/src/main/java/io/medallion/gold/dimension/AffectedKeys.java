package io.medallion.gold.dimension;

import io.medallion.core.spark.Parallel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The members of every dimension that changes of the source may have touched. */
public record AffectedKeys(List<MemberKeys> members) implements AutoCloseable {
  public static AffectedKeys by(
      SilverChanges changes, Collection<DimensionTable> dimensions, int threads) {
    List<MemberKeys> members = Collections.synchronizedList(new ArrayList<>());
    List<Parallel.Work> work = new ArrayList<>();
    for (DimensionTable dimension : dimensions) {
      work.add(() -> members.add(dimension.touched(changes)));
    }
    Parallel.run(changes.images().sparkSession(), threads, work);
    return new AffectedKeys(members);
  }

  @Override
  public void close() {
    members.forEach(MemberKeys::close);
  }
}
