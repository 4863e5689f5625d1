package io.medallion.gold;

import io.medallion.core.plan.Parallel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The members of every dimension that changes of the source may have touched. */
record Touched(List<Members> members) implements AutoCloseable {
  static Touched by(SilverChanges changes, Collection<DimensionTable> dimensions, int threads) {
    List<Members> members = Collections.synchronizedList(new ArrayList<>());
    List<Parallel.Work> work = new ArrayList<>();
    for (DimensionTable dimension : dimensions) {
      work.add(() -> members.add(dimension.touched(changes)));
    }
    Parallel.run(changes.images().sparkSession(), threads, work);
    return new Touched(members);
  }

  @Override
  public void close() {
    members.forEach(Members::close);
  }
}
