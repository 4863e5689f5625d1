package io.medallion.core.contract;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.sql.SqlAnalyser;
import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import io.medallion.core.yaml.YamlDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads contracts in the Open Data Contract Standard v3.1.0. What the standard knows and Medallion
 * cannot honour is a mistake, as is a key that the standard does not know; keys that only inform
 * (owners, tags, links) are accepted.
 */
public final class ContractReader {
  private final SqlAnalyser analyser;

  /** A reader that has SQL expressions analysed by Spark. */
  public ContractReader() {
    this(SqlAnalyser.SPARK);
  }

  ContractReader(SqlAnalyser analyser) {
    this.analyser = analyser;
  }

  /**
   * Returns the contract in {@code file}.
   *
   * @throws ConfigurationException with every mistake in it
   */
  public Contract read(Path file) {
    try {
      Mistakes mistakes = new Mistakes();
      Optional<Located<Contract>> contract = read(file, Files.readAllBytes(file), mistakes);
      mistakes.throwIfAny();
      return contract.orElseThrow().value();
    } catch (IOException e) {
      throw new ConfigurationException(
          new Mistake(
              file.toString(),
              "the file cannot be read: " + e,
              "name a contract file that exists"));
    }
  }

  /**
   * Returns the contract that {@code yaml} holds, which names no other file.
   *
   * @param name the file's name in messages
   * @throws ConfigurationException with every mistake in it
   */
  public Contract read(String name, byte[] yaml) {
    Mistakes mistakes = new Mistakes();
    Optional<Located<Contract>> contract =
        read(name, yaml, new CompanionFiles(Optional.empty()), mistakes);
    mistakes.throwIfAny();
    return contract.orElseThrow().value();
  }

  /** Returns the contract, placed where its table is named; absent where it has mistakes. */
  Optional<Located<Contract>> read(Path file, byte[] yaml, Mistakes mistakes) {
    CompanionFiles files =
        new CompanionFiles(Optional.of(file.toAbsolutePath()).map(Path::getParent));
    return read(file.toString(), yaml, files, mistakes);
  }

  private Optional<Located<Contract>> read(
      String name, byte[] yaml, CompanionFiles files, Mistakes mistakes) {
    int before = mistakes.count();
    Optional<Fields> root =
        YamlDocument.parse(name, yaml, mistakes)
            .flatMap(node -> Fields.of(node, "a contract", mistakes));
    if (root.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = root.get();
    oneOf(fields, "apiVersion", List.of("v3.1.0"), mistakes);
    oneOf(fields, "kind", List.of("DataContract"), mistakes);
    Optional<Located<String>> id = fields.requiredText("id");
    Optional<Located<String>> version = fields.requiredText("version");
    version
        .filter(written -> !written.value().matches("\\d+\\.\\d+\\.\\d+"))
        .ifPresent(
            written ->
                mistakes.add(
                    written.at(),
                    "the version `" + written.value() + "` is not semantic",
                    "write three numbers, such as \"1.0.0\""));
    oneOf(
        fields,
        "status",
        List.of("proposed", "draft", "active", "deprecated", "retired"),
        mistakes);
    fields.ignore(
        "name",
        "description",
        "tenant",
        "tags",
        "domain",
        "dataProduct",
        "servers",
        "support",
        "price",
        "team",
        "roles",
        "slaDefaultElement",
        "slaProperties",
        "authoritativeDefinitions",
        "customProperties",
        "contractCreatedTs");
    List<Node> schema = fields.requiredItems("schema");
    if (schema.size() > 1) {
      mistakes.add(
          schema.get(1).at(),
          "a contract describes one table, and this is a second one",
          "write a contract for each table");
    }
    Optional<TableReader.Table> table =
        schema.stream()
            .findFirst()
            .flatMap(node -> Fields.of(node, "a schema object", mistakes))
            .flatMap(object -> new TableReader(files, analyser, mistakes).read(object));
    fields.finish();
    if (mistakes.count() > before || table.isEmpty()) {
      return Optional.empty();
    }
    TableReader.Table sound = table.get();
    return Optional.of(
        new Located<>(
            new Contract(
                id.orElseThrow().value(),
                version.orElseThrow().value(),
                sound.name().value(),
                sound.description(),
                sound.columns(),
                sound.businessKey(),
                sound.sequence(),
                sound.rules(),
                sound.feeds(),
                files.digestWith(yaml)),
            sound.name().at()));
  }

  private static void oneOf(Fields fields, String key, List<String> values, Mistakes mistakes) {
    fields
        .requiredText(key)
        .filter(written -> !values.contains(written.value()))
        .ifPresent(
            written ->
                mistakes.add(
                    written.at(),
                    "the %s `%s` is not known".formatted(key, written.value()),
                    "write " + String.join(", ", values)));
  }
}
