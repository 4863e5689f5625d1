package io.medallion.demo.orders;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import net.datafaker.Faker;

/**
 * Names and words. All of them can be written in windows-1252, the narrowest encoding of the files.
 */
record Vocabulary(
    List<String> firstNames, List<String> lastNames, List<String> cities, List<String> products) {

  static final Charset NARROWEST = Charset.forName("windows-1252");

  private static final int NAMES = 300;
  private static final int PRODUCTS = 800;

  static Vocabulary of(long seed) {
    Faker english = new Faker(Locale.US, new Random(seed));
    Faker german = new Faker(Locale.GERMANY, new Random(seed + 1));
    Faker french = new Faker(Locale.FRANCE, new Random(seed + 2));
    return new Vocabulary(
        words(
            NAMES,
            List.of("Zoë", "Jürgen", "François"),
            List.of(english.name()::firstName, german.name()::firstName, french.name()::firstName)),
        words(
            NAMES,
            List.of("O'Brien", "Müller", "Lefèvre", "D’Angelo"),
            List.of(english.name()::lastName, german.name()::lastName, french.name()::lastName)),
        words(
            NAMES,
            List.of("München", "Besançon", "São Paulo"),
            List.of(
                english.address()::cityName,
                german.address()::cityName,
                french.address()::cityName)),
        words(PRODUCTS, List.of(), List.of(english.commerce()::productName)));
  }

  private static List<String> words(
      int wanted, List<String> always, List<Supplier<String>> sources) {
    CharsetEncoder encoder = NARROWEST.newEncoder();
    Set<String> words = new LinkedHashSet<>(always);
    // A source may know fewer words than wanted.
    for (int i = 0; words.size() < wanted && i < 5 * wanted; i++) {
      String word = sources.get(i % sources.size()).get().strip();
      if (!word.isEmpty() && encoder.canEncode(word) && !word.contains("\"")) {
        words.add(word);
      }
    }
    return List.copyOf(words);
  }
}
