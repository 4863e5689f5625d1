package io.medallion.jobs.config;

import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import io.medallion.core.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings that a profile holds, as they are written: references are not resolved yet.
 *
 * @param settings Medallion's own
 * @param spark Spark's, by key
 */
record Profile(Map<Setting, Located<String>> settings, Map<String, Located<String>> spark) {
  static final Profile NONE = new Profile(Map.of(), Map.of());

  private static final String SPARK = "spark.";
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern VARIABLE = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)");

  Profile {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    spark = Collections.unmodifiableMap(new LinkedHashMap<>(spark));
  }

  /**
   * Reads a profile, and notes all that is wrong with it.
   *
   * @param file the file's name in messages
   */
  static Profile parse(String file, byte[] yaml, Mistakes mistakes) {
    Optional<Node> root = YamlDocument.parse(file, yaml, mistakes);
    Profile profile = new Profile(Map.of(), Map.of());
    if (root.isEmpty()) {
      return profile;
    }
    if (!(root.get() instanceof Node.Mapping mapping)) {
      mistakes.add(
          root.get().at(),
          "a profile must be a mapping, but this is " + root.get().describe(),
          "write it as `key: value` lines");
      return profile;
    }
    Reader reader = new Reader(mistakes);
    reader.read("", mapping);
    return new Profile(reader.settings, reader.spark);
  }

  /**
   * Replaces {@code ${env:NAME}} by the variable's value; absent, after noting why, where that
   * cannot be done.
   */
  static Optional<String> resolve(
      Located<String> written, Map<String, String> environment, List<Mistake> mistakes) {
    Matcher reference = REFERENCE.matcher(written.value());
    StringBuilder resolved = new StringBuilder();
    boolean whole = true;
    while (reference.find()) {
      Matcher variable = VARIABLE.matcher(reference.group(1));
      Optional<String> value = Optional.empty();
      if (!variable.matches()) {
        mistakes.add(
            new Mistake(
                written.at().toString(),
                "there is no reference `" + reference.group() + "`",
                "refer to an environment variable, as ${env:NAME}"));
      } else {
        value = Optional.ofNullable(environment.get(variable.group(1))).filter(v -> !v.isEmpty());
        if (value.isEmpty()) {
          mistakes.add(
              new Mistake(
                  written.at().toString(),
                  "the environment variable " + variable.group(1) + " is not set",
                  "set it, or set the key by its own variable or option"));
        }
      }
      whole &= value.isPresent();
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value.orElse("")));
    }
    return whole ? Optional.of(reference.appendTail(resolved).toString()) : Optional.empty();
  }

  private static final class Reader {
    private final Mistakes mistakes;
    private final Map<Setting, Located<String>> settings = new LinkedHashMap<>();
    private final Map<String, Located<String>> spark = new LinkedHashMap<>();

    Reader(Mistakes mistakes) {
      this.mistakes = mistakes;
    }

    /** Nested keys are joined by dots. */
    void read(String above, Node.Mapping mapping) {
      for (Node.Entry entry : mapping.entries()) {
        String key = above + entry.key();
        if (entry.value() instanceof Node.Mapping below) {
          read(key + ".", below);
        } else if (entry.value() instanceof Node.Scalar scalar
            && scalar.kind() != Node.Kind.NOTHING) {
          value(key, entry, scalar.text());
        } else {
          mistakes.add(
              entry.at(),
              "`" + key + "` must be one value, but is " + entry.value().describe(),
              "write one value after the colon, or remove the key");
        }
      }
    }

    private void value(String key, Node.Entry entry, String text) {
      Located<String> value = new Located<>(text, entry.at());
      Optional<Setting> setting = Settings.ofKey(key);
      if (setting.isEmpty() && !key.startsWith(SPARK)) {
        unknown(key, entry);
        return;
      }
      boolean references = REFERENCE.matcher(text).find();
      if (setting.map(Setting::isSecret).orElseGet(() -> SparkDefaults.isSecret(key))
          && !REFERENCE.matcher(text).matches()) {
        mistakes.add(
            entry.at(),
            "`" + key + "` is a secret, and is written out here",
            "write `" + key + ": ${env:NAME}`, and set that variable; withdraw this secret");
        return;
      }
      if (setting.isPresent()) {
        ValueType type = setting.get().type();
        if (!references) {
          type.problem(text)
              .ifPresent(
                  problem ->
                      mistakes.add(
                          entry.at(), "`" + key + "`: '" + text + "' " + problem, type.fix()));
        }
        twice(settings.putIfAbsent(setting.get(), value), key, entry);
      } else if (SparkDefaults.isFixed(key)) {
        mistakes.add(entry.at(), "Medallion itself sets `" + key + "`", "remove it");
      } else if (SparkDefaults.isOfTheStart(key)) {
        mistakes.add(
            entry.at(),
            "`" + key + "` says how Spark starts, and a profile is read after that",
            "give it as an option: ./medallion help lists Spark's");
      } else {
        twice(spark.putIfAbsent(key, value), key, entry);
      }
    }

    private void unknown(String key, Node.Entry entry) {
      List<String> known =
          new ArrayList<>(Settings.ofProfiles().stream().map(Setting::key).toList());
      mistakes.add(
          entry.at(),
          "there is no setting `" + key + "`",
          NearestName.fix(key, known, "remove it; Spark's settings begin with `spark.`"));
    }

    private void twice(Located<String> first, String key, Node.Entry entry) {
      if (first != null) {
        mistakes.add(
            entry.at(),
            "`" + key + "` stands here a second time, after line " + first.at().line(),
            "keep one of the two");
      }
    }
  }
}
