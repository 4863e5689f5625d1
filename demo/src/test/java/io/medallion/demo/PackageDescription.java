package io.medallion.demo;

import io.medallion.jobs.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A package as its {@code package-info.java} describes it.
 *
 * @param module the folder of its Maven module
 * @param name without {@code io.medallion.}
 * @param summary the first sentence; empty where nothing is written
 * @param uses what stands behind "Uses: "; absent where the paragraph is missing
 */
record PackageDescription(String module, String name, String summary, Optional<String> uses) {
  static final String ROOT = "io.medallion.";

  private static final Pattern JAVADOC =
      Pattern.compile("/\\*\\*(.*?)\\*/\\s*package ", Pattern.DOTALL);

  private static final Pattern INLINE_TAG = Pattern.compile("\\{@(?:code|link|linkplain) ([^}]*)}");

  private static final Pattern FIRST_SENTENCE =
      Pattern.compile("(.*?[.!?])(?:\\s+[A-Z`].*)?", Pattern.DOTALL);

  private static final Pattern PACKAGE_NAME =
      Pattern.compile("[a-z][a-z0-9]*(?:\\.[a-z][a-z0-9]*)*");

  /** A package and the last name of what is imported of it. */
  private static final Pattern IMPORT =
      Pattern.compile(
          "import (?:static )?io\\.medallion\\.([a-z0-9]+(?:\\.[a-z0-9]+)*)\\.(?:[A-Z]\\w*\\.)*(\\w+);");

  /** All packages with sources, those of the lowest module first. */
  static List<PackageDescription> all(List<String> modules) throws IOException {
    List<PackageDescription> all = new ArrayList<>();
    for (String module : modules) {
      Path sources = TestLake.REPOSITORY.resolve(module + "/src/main/java");
      for (Path folder : packages(sources)) {
        all.add(read(module, folder, sources.relativize(folder).toString().replace('/', '.')));
      }
    }
    return all;
  }

  private static List<Path> packages(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .sorted()
          .toList();
    }
  }

  private static PackageDescription read(String module, Path folder, String fullName)
      throws IOException {
    String name = fullName.substring(ROOT.length());
    Path file = folder.resolve("package-info.java");
    Matcher javadoc = JAVADOC.matcher(Files.exists(file) ? Files.readString(file) : "");
    if (!javadoc.find()) {
      return new PackageDescription(module, name, "", Optional.empty());
    }
    String text =
        javadoc.group(1).replaceAll("(?m)^\\s*\\* ?", " ").replaceAll("\\s+", " ").strip();
    List<String> paragraphs =
        Stream.of(INLINE_TAG.matcher(text).replaceAll("`$1`").split("<p>"))
            .map(String::strip)
            .toList();
    Matcher sentence = FIRST_SENTENCE.matcher(paragraphs.get(0));
    return new PackageDescription(
        module,
        name,
        sentence.matches() ? sentence.group(1) : paragraphs.get(0),
        paragraphs.stream()
            .filter(p -> p.startsWith("Uses: "))
            .findFirst()
            .map(p -> p.substring("Uses: ".length())));
  }

  boolean isComplete() {
    return !summary.isEmpty() && uses.isPresent();
  }

  /** The words behind "Uses: " that are names of packages. */
  SortedSet<String> used(Predicate<String> isPackage) {
    return names().filter(isPackage).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The words behind "Uses: " that look like names of packages and are none. */
  List<String> unknown(Predicate<String> isPackage) {
    return names().filter(n -> n.contains(".")).filter(isPackage.negate()).toList();
  }

  private Stream<String> names() {
    return PACKAGE_NAME
        .matcher(uses.orElse("").replace(ROOT, ""))
        .results()
        .map(MatchResult::group);
  }

  /**
   * Other packages of which the sources import something that they name outside comments: constants
   * leave no trace in byte code.
   */
  SortedSet<String> imported() throws IOException {
    SortedSet<String> imported = new TreeSet<>();
    try (Stream<Path> files = Files.list(TestLake.REPOSITORY.resolve(folder()))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        List<String> lines = Files.readAllLines(file);
        String code =
            lines.stream()
                .filter(line -> !line.startsWith("import "))
                .filter(line -> !line.strip().matches("(?:/?\\*|//).*"))
                .collect(Collectors.joining("\n"));
        for (String line : lines) {
          Matcher named = IMPORT.matcher(line);
          if (named.matches()
              && !named.group(1).equals(name)
              && Pattern.compile("\\b" + named.group(2) + "\\b").matcher(code).find()) {
            imported.add(named.group(1));
          }
        }
      }
    }
    return imported;
  }

  /** Where the sources are, from the root of the repository. */
  String folder() {
    return "%s/src/main/java/%s".formatted(module, (ROOT + name).replace('.', '/'));
  }
}
