package io.medallion.core.contract;

import java.util.Locale;

/** Names of columns as files spell them. */
public final class HeaderName {
  private HeaderName() {}

  /**
   * Folds the spellings of one name together: lower case, every run of characters that are not
   * letters or digits an underscore, none at the ends. {@code Sub-Category}, {@code Sub_Category}
   * and {@code sub_category} agree.
   */
  public static String normalise(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    StringBuilder folded = new StringBuilder(lower.length());
    lower
        .codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c)) {
                folded.appendCodePoint(c);
              } else if (folded.length() > 0 && folded.charAt(folded.length() - 1) != '_') {
                folded.append('_');
              }
            });
    int end = folded.length();
    return end > 0 && folded.charAt(end - 1) == '_'
        ? folded.substring(0, end - 1)
        : folded.toString();
  }
}
