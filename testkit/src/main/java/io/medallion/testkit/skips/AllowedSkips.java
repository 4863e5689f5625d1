package io.medallion.testkit.skips;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tests that a machine may skip, each with the reason: lines of {@code test reason…}, the test
 * as {@code Class} or {@code Class#method}, with {@code *} for any text.
 */
final class AllowedSkips {
  private record Entry(Pattern test, String reason) {}

  private final List<Entry> entries;

  private AllowedSkips(List<Entry> entries) {
    this.entries = entries;
  }

  /** The list of this repository. */
  static AllowedSkips shipped() {
    try (InputStream list = AllowedSkips.class.getResourceAsStream("allowed-skips.txt")) {
      return parse(new String(list.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AllowedSkips parse(String list) {
    List<Entry> entries = new ArrayList<>();
    for (String line : list.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\s+", 2);
      if (parts.length < 2) {
        throw new IllegalArgumentException("no reason is given why " + line + " may be skipped");
      }
      String pattern = Pattern.quote(parts[0]).replace("*", "\\E.*\\Q");
      entries.add(new Entry(Pattern.compile(pattern), parts[1]));
    }
    return new AllowedSkips(List.copyOf(entries));
  }

  /**
   * Whether a test may be skipped.
   *
   * @param test a class, or class and method after {@code #}
   */
  boolean allow(String test) {
    String ofClass = test.replaceFirst("#.*", "");
    return entries.stream()
        .anyMatch(
            entry ->
                entry.test().matcher(test).matches() || entry.test().matcher(ofClass).matches());
  }
}
