package io.medallion.core.contract;

import java.util.Locale;
import java.util.regex.Pattern;

/** How the names in a file's header are compared with those of a contract. */
public final class HeaderName {
  private static final Pattern SEPARATORS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private HeaderName() {}

  /**
   * Returns {@code name} in lower case, with one underscore for every run of other characters than
   * letters and digits, and none at its ends: {@code "Sub-Category"}, {@code Sub_Category} and
   * {@code sub_category} agree.
   */
  public static String normalise(String name) {
    String joined = SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("_");
    int start = joined.startsWith("_") ? 1 : 0;
    int end =
        joined.length() > start && joined.endsWith("_") ? joined.length() - 1 : joined.length();
    return joined.substring(start, end);
  }
}
