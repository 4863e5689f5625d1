package io.medallion.core.contract;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
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

/** Every contract of an installation. */
public final class Contracts {
  private static final String SUFFIX = ".odcs.yaml";

  private final List<Contract> contracts;

  private Contracts(List<Contract> contracts) {
    this.contracts = List.copyOf(contracts);
  }

  /** Returns {@code contracts} as they are, for code that has them already. */
  public static Contracts of(List<Contract> contracts) {
    return new Contracts(contracts);
  }

  /**
   * Reads all files {@code *.odcs.yaml} of {@code directory}, in order of their names.
   *
   * @throws ConfigurationException with every mistake of every file, and of the files together
   */
  public static Contracts read(Path directory) {
    return read(directory, SqlAnalyser.SPARK);
  }

  /** As above, with another look at SQL expressions than Spark's. */
  public static Contracts read(Path directory, SqlAnalyser analyser) {
    Mistakes mistakes = new Mistakes();
    List<Located<Contract>> contracts = new ArrayList<>();
    ContractReader reader = new ContractReader(analyser);
    for (Path file : files(directory)) {
      try {
        reader.read(file, Files.readAllBytes(file), mistakes).ifPresent(contracts::add);
      } catch (IOException e) {
        mistakes.add(
            new Location(file.toString(), 1, 1),
            "the file cannot be read: " + e,
            "make it readable");
      }
    }
    checkTogether(contracts, mistakes);
    mistakes.throwIfAny();
    return new Contracts(contracts.stream().map(Located::value).toList());
  }

  private static List<Path> files(Path directory) {
    List<Path> files;
    try (Stream<Path> entries = Files.list(directory)) {
      files =
          entries.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    } catch (IOException e) {
      throw new ConfigurationException(
          new Mistake(
              directory.toString(),
              "the directory of contracts cannot be read: " + e,
              "name a directory that holds *" + SUFFIX + " files"));
    }
    if (files.isEmpty()) {
      throw new ConfigurationException(
          new Mistake(
              directory.toString(),
              "the directory holds no contract",
              "put a file named *" + SUFFIX + " into it"));
    }
    return files;
  }

  private static void checkTogether(List<Located<Contract>> contracts, Mistakes mistakes) {
    Map<String, Location> seen = new HashMap<>();
    for (Located<Contract> contract : contracts) {
      List<String> names = new ArrayList<>();
      names.add("contract with the id `" + contract.value().id() + "`");
      names.add("table named `" + contract.value().table() + "`");
      if (contract.value().remembersDeletes()) {
        names.add("table named `" + contract.value().deletesTable() + "`");
      }
      contract.value().feeds().forEach(feed -> names.add("feed named `" + feed.name() + "`"));
      for (String name : names) {
        Location first = seen.putIfAbsent(name, contract.at());
        if (first != null) {
          mistakes.add(
              contract.at(),
              "a second " + name + ", after " + first.file(),
              "give one of the two another name");
        }
      }
    }
  }

  /** Returns every contract, in order of the files' names. */
  public List<Contract> all() {
    return contracts;
  }

  /**
   * Returns the contract of the feed {@code name}.
   *
   * @throws ConfigurationException that names the nearest feed, where there is none of that name
   */
  public Contract byFeed(String name) {
    return contracts.stream()
        .filter(contract -> contract.feeds().stream().anyMatch(feed -> feed.name().equals(name)))
        .findFirst()
        .orElseThrow(() -> unknown("feed", name, feedNames()));
  }

  /**
   * Returns the contract of the silver table {@code name}.
   *
   * @throws ConfigurationException that names the nearest table, where there is none of that name
   */
  public Contract byTable(String name) {
    return table(name).orElseThrow(() -> unknown("table", name, tableNames()));
  }

  /** Returns the contract of the silver table {@code name}; absent where there is none. */
  public Optional<Contract> table(String name) {
    return contracts.stream().filter(contract -> contract.table().equals(name)).findFirst();
  }

  /** Returns the names of all silver tables. */
  public List<String> tableNames() {
    return contracts.stream().map(Contract::table).toList();
  }

  /** Returns the names of all feeds. */
  public List<String> feedNames() {
    return contracts.stream()
        .flatMap(contract -> contract.feeds().stream())
        .map(Feed::name)
        .toList();
  }

  private static ConfigurationException unknown(String what, String name, List<String> known) {
    return new ConfigurationException(
        new Mistake(
            what + " `" + name + "`",
            "no contract declares it",
            NearestName.fix(name, known, "add a contract that does")));
  }
}
