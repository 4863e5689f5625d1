package io.medallion.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds what a user most likely meant by a name that does not exist. */
public final class NearestName {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private NearestName() {}

  /**
   * Returns the name of {@code known} that differs least from {@code name}, letter case aside;
   * absent where even that one differs in more than a third of its letters.
   */
  public static Optional<String> of(String name, Collection<String> known) {
    return known.stream()
        .filter(candidate -> distance(name, candidate) <= (candidate.length() + 2) / 3)
        .min(
            Comparator.comparingInt((String candidate) -> distance(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /**
   * Returns the fix for an unknown name: the nearest known one, or all of them where none is near.
   *
   * @param otherwise what else would be a remedy, as an imperative, or blank
   */
  public static String fix(String name, Collection<String> known, String otherwise) {
    Optional<String> nearest = of(name, known);
    String alternative = otherwise.isBlank() ? "" : ", or " + otherwise;
    if (nearest.isPresent()) {
      return "write `" + nearest.get() + "`" + alternative;
    }
    if (known.isEmpty()) {
      return otherwise.isBlank() ? "remove it" : otherwise;
    }
    return "use one of " + String.join(", ", known.stream().sorted().toList()) + alternative;
  }

  private static int distance(String left, String right) {
    return DISTANCE.apply(left.toLowerCase(Locale.ROOT), right.toLowerCase(Locale.ROOT));
  }
}
