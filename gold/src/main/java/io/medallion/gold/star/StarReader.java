package io.medallion.gold.star;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Digest;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Contracts;
import io.medallion.core.contract.Names;
import io.medallion.core.sql.SqlAnalyser;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import io.medallion.core.yaml.YamlDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads stars and checks them against the contracts of their sources. */
final class StarReader {
  private final Contracts contracts;
  private final SqlAnalyser analyser;

  /**
   * @param contracts those of every silver table that a star may name
   */
  StarReader(Contracts contracts) {
    this(contracts, SqlAnalyser.SPARK);
  }

  StarReader(Contracts contracts, SqlAnalyser analyser) {
    this.contracts = contracts;
    this.analyser = analyser;
  }

  /**
   * Returns the star in {@code file}.
   *
   * @throws ConfigurationException with every mistake in it
   */
  Star read(Path file) {
    try {
      return read(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ConfigurationException(
          new Mistake(
              file.toString(), "the file cannot be read: " + e, "name a star file that exists"));
    }
  }

  /**
   * Returns the star that {@code yaml} holds.
   *
   * @param name the file's name in messages
   * @throws ConfigurationException with every mistake in it
   */
  Star read(String name, byte[] yaml) {
    Mistakes mistakes = new Mistakes();
    Optional<Located<Star>> star = read(name, yaml, mistakes);
    mistakes.throwIfAny();
    return star.orElseThrow().value();
  }

  /** Returns the star, placed where it is named; absent where it has mistakes. */
  Optional<Located<Star>> read(String file, byte[] yaml, Mistakes mistakes) {
    int before = mistakes.count();
    Optional<Fields> root =
        YamlDocument.parse(file, yaml, mistakes)
            .flatMap(node -> Fields.of(node, "a star", mistakes));
    if (root.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = root.get();
    Optional<Located<String>> name = fields.requiredText("star");
    name.ifPresent(written -> Names.check("a star", written, mistakes));
    fields.ignore("description");
    Optional<Located<String>> source = fields.requiredText("source");
    SourceColumns columns =
        new SourceColumns(source.flatMap(table -> contractOf(table, mistakes)), analyser, mistakes);
    TableSchemas tables = new TableSchemas(contracts);

    DimensionReader dimensionReader = new DimensionReader(columns, tables, mistakes);
    List<Star.Dimension> dimensions = new ArrayList<>();
    for (Node node : fields.requiredItems("dimensions")) {
      dimensionReader.dimension(node).ifPresent(dimensions::add);
    }
    Optional<Star.DateDimension> calendar =
        fields.fields("dateDimension").flatMap(dimensionReader::calendar);
    FactReader factReader =
        new FactReader(
            columns,
            tables,
            dimensions.stream().map(Star.Dimension::table).toList(),
            calendar,
            mistakes);
    List<Star.Fact> facts = new ArrayList<>();
    for (Node node : fields.items("facts")) {
      factReader.fact(node).ifPresent(facts::add);
    }
    List<Star.Check> checks = checks(fields, columns, tables, dimensions, mistakes);
    fields.finish();
    if (mistakes.count() > before) {
      return Optional.empty();
    }
    Star star =
        new Star(
            name.orElseThrow().value(),
            source.orElseThrow().value(),
            dimensions,
            calendar,
            facts,
            checks,
            Digest.sha256(yaml));
    List<Star.Check> all = StructuralChecks.withListed(star, columns.contract().orElseThrow());
    return Optional.of(new Located<>(star.withChecks(all), name.orElseThrow().at()));
  }

  private Optional<Contract> contractOf(Located<String> table, Mistakes mistakes) {
    Optional<Contract> contract = contracts.table(table.value());
    if (contract.isEmpty()) {
      mistakes.add(
          table.at(),
          "no contract declares the silver table `" + table.value() + "`",
          NearestName.fix(table.value(), contracts.tableNames(), "add its contract"));
    }
    return contract;
  }

  private static List<Star.Check> checks(
      Fields fields,
      SourceColumns columns,
      TableSchemas tables,
      List<Star.Dimension> dimensions,
      Mistakes mistakes) {
    List<String> versioned =
        dimensions.stream()
            .filter(dimension -> dimension.scdType() == Star.ScdType.TYPE_2)
            .map(dimension -> "gold." + dimension.table())
            .toList();
    CheckReader reader = new CheckReader(columns, tables, versioned, mistakes);
    List<Star.Check> checks = new ArrayList<>();
    Map<String, Location> names = new HashMap<>();
    for (Node node : fields.items("checks")) {
      Optional<Located<Star.Check>> check = reader.read(node);
      if (check.isEmpty()) {
        continue;
      }
      Location first = names.putIfAbsent(check.get().value().name(), check.get().at());
      if (first != null) {
        mistakes.add(
            check.get().at(),
            "a second check is named `%s`, after line %d"
                .formatted(check.get().value().name(), first.line()),
            "give one of them another name");
      }
      checks.add(check.get().value());
    }
    return checks;
  }
}
