package io.medallion.gold.star;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.contract.Contracts;
import io.medallion.core.sql.SqlAnalyser;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Every star of an installation. */
public final class Stars {
  private static final String SUFFIX = ".yaml";

  private final List<Star> stars;

  private Stars(List<Star> stars) {
    this.stars = List.copyOf(stars);
  }

  /**
   * Reads all files {@code *.yaml} of {@code directory}, in order of their names. A directory
   * without any is no mistake: silver may be all that is wanted.
   *
   * @throws ConfigurationException with every mistake of every file, and of the files together
   */
  public static Stars read(Path directory, Contracts contracts) {
    return read(directory, contracts, SqlAnalyser.SPARK);
  }

  /** As above, with another look at SQL expressions than Spark's. */
  public static Stars read(Path directory, Contracts contracts, SqlAnalyser analyser) {
    Mistakes mistakes = new Mistakes();
    List<Located<Star>> stars = new ArrayList<>();
    StarReader reader = new StarReader(contracts, analyser);
    for (Path file : files(directory)) {
      try {
        reader.read(file.toString(), Files.readAllBytes(file), mistakes).ifPresent(stars::add);
      } catch (IOException e) {
        mistakes.add(
            new Location(file.toString(), 1, 1),
            "the file cannot be read: " + e,
            "make it readable");
      }
    }
    checkTogether(stars, mistakes);
    mistakes.throwIfAny();
    return new Stars(stars.stream().map(Located::value).toList());
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ConfigurationException(
          new Mistake(
              directory.toString(),
              "the directory of stars cannot be read: " + e,
              "name a directory that holds *" + SUFFIX + " files"));
    }
  }

  private static void checkTogether(List<Located<Star>> stars, Mistakes mistakes) {
    Map<String, Location> seen = new HashMap<>();
    for (Located<Star> star : stars) {
      List<String> names = new ArrayList<>();
      names.add("star named `" + star.value().name() + "`");
      for (String table : star.value().tables()) {
        names.add("table named `gold." + table + "`");
      }
      for (String name : names) {
        Location first = seen.putIfAbsent(name, star.at());
        if (first != null) {
          mistakes.add(
              star.at(),
              "a second " + name + ", after " + first.file(),
              "give one of the two another name");
        }
      }
    }
  }

  /** Returns every star, in order of the files' names. */
  public List<Star> all() {
    return stars;
  }

  /** Returns the stars that are built from the silver table {@code table}. */
  public List<Star> fedBy(String table) {
    return stars.stream().filter(star -> star.source().equals(table)).toList();
  }

  /**
   * Returns the star {@code name}.
   *
   * @throws ConfigurationException that names the nearest star, where there is none of that name
   */
  public Star byName(String name) {
    Optional<Star> found = stars.stream().filter(star -> star.name().equals(name)).findFirst();
    return found.orElseThrow(
        () ->
            new ConfigurationException(
                new Mistake(
                    "star `" + name + "`",
                    "no star file declares it",
                    NearestName.fix(
                        name,
                        stars.stream().map(Star::name).toList(),
                        "add a star file that does"))));
  }
}
