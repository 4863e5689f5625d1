package io.medallion.core.yaml;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the mistakes of one or more files, so that all are reported at once. */
public final class Mistakes {
  private final List<Located<Mistake>> found = new ArrayList<>();

  /** Notes a mistake. */
  public void add(Location at, String problem, String fix) {
    found.add(new Located<>(new Mistake(at.toString(), problem, fix), at));
  }

  /** Returns how many were noted so far. */
  public int count() {
    return found.size();
  }

  /** Returns the mistakes in order of file, line and column. */
  public List<Mistake> inOrder() {
    return found.stream()
        .sorted(Comparator.comparing(Located::at))
        .map(Located::value)
        .distinct()
        .toList();
  }

  /**
   * Returns normally where nothing was noted.
   *
   * @throws ConfigurationException with every mistake, otherwise
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigurationException(inOrder());
    }
  }
}
