package io.medallion.warehouse;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.contract.Names;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import io.medallion.core.yaml.YamlDocument;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Stars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The views of every star, from files {@code *.yaml} that name a star and its views.
 *
 * <p>They are defined in files beside the stars: an edited star is built anew, and an edited view
 * needs no more than its own replacement.
 */
public final class StarViews {
  /** Of an installation without views. */
  public static final StarViews NONE = new StarViews(Map.of());

  private static final String SUFFIX = ".yaml";

  private final Map<String, List<SemanticView>> views;

  private StarViews(Map<String, List<SemanticView>> views) {
    this.views = Map.copyOf(views);
  }

  /** The views of a star, each after those it reads; empty where it has none. */
  public List<SemanticView> of(Star star) {
    return views.getOrDefault(star.name(), List.of());
  }

  /**
   * Reads all files of {@code directory}, in order of their names; there need not be any.
   *
   * @throws ConfigurationException with every mistake of every file
   */
  public static StarViews read(Path directory, Stars stars) {
    if (!Files.isDirectory(directory)) {
      return NONE;
    }
    Mistakes mistakes = new Mistakes();
    Reader reader = new Reader(stars, mistakes);
    for (Path file : files(directory)) {
      try {
        reader.read(file.toString(), Files.readAllBytes(file));
      } catch (IOException e) {
        mistakes.add(
            new Location(file.toString(), 1, 1),
            "the file cannot be read: " + e,
            "make it readable");
      }
    }
    mistakes.throwIfAny();
    return new StarViews(reader.views);
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
              "the directory of views cannot be read: " + e,
              "make it readable"));
    }
  }

  private static final class Reader {
    private final Stars stars;
    private final Mistakes mistakes;
    private final Map<String, List<SemanticView>> views = new HashMap<>();
    private final Map<String, Location> names = new HashMap<>();

    Reader(Stars stars, Mistakes mistakes) {
      this.stars = stars;
      this.mistakes = mistakes;
    }

    void read(String file, byte[] yaml) {
      Optional<Fields> root =
          YamlDocument.parse(file, yaml, mistakes)
              .flatMap(node -> Fields.of(node, "a file of views", mistakes));
      if (root.isEmpty()) {
        return;
      }
      Fields fields = root.get();
      Optional<Located<String>> star = fields.requiredText("star");
      star.ifPresent(this::checkStar);
      List<SemanticView> found = new ArrayList<>();
      for (Node node : fields.requiredItems("views")) {
        Fields.of(node, "a view", mistakes).flatMap(this::view).ifPresent(found::add);
      }
      fields.finish();
      star.ifPresent(
          name -> views.computeIfAbsent(name.value(), n -> new ArrayList<>()).addAll(found));
    }

    private void checkStar(Located<String> star) {
      List<String> known = stars.all().stream().map(Star::name).toList();
      if (!known.contains(star.value())) {
        mistakes.add(
            star.at(),
            "no star file declares the star `" + star.value() + "`",
            NearestName.fix(star.value(), known, "add the star"));
      }
    }

    private Optional<SemanticView> view(Fields fields) {
      int before = mistakes.count();
      Optional<Located<String>> name = fields.requiredText("name");
      name.ifPresent(this::checkName);
      String description = fields.text("description").map(Located::value).orElse("");
      Optional<Located<String>> sql = fields.requiredText("sql");
      sql.ifPresent(this::checkSql);
      fields.finish();
      return mistakes.count() > before
          ? Optional.empty()
          : Optional.of(
              new SemanticView(name.orElseThrow().value(), description, sql.orElseThrow().value()));
    }

    private void checkName(Located<String> name) {
      Names.check("a view", name, mistakes);
      Location first = names.putIfAbsent(name.value(), name.at());
      if (first != null) {
        mistakes.add(
            name.at(),
            "a second view is named `%s`, after %s".formatted(name.value(), first),
            "give one of the two another name");
      }
      boolean taken =
          name.value().startsWith("medallion_")
              || stars.all().stream().anyMatch(star -> star.tables().contains(name.value()));
      if (taken) {
        mistakes.add(
            name.at(),
            "the warehouse has a table named `" + name.value() + "`",
            "give the view another name");
      }
    }

    private void checkSql(Located<String> sql) {
      String text = sql.value().strip();
      if (!text.matches("(?is)(select|with)\\s.*")) {
        mistakes.add(sql.at(), "`sql` is no query", "begin it with SELECT or WITH");
      }
      if (text.contains(";")) {
        mistakes.add(sql.at(), "`sql` has a semicolon", "write one query, and nothing after it");
      }
    }
  }
}
