package io.medallion.jobs;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.gold.warehouse.Warehouse;
import io.medallion.gold.warehouse.duckdb.DuckDbWarehouse;
import io.medallion.gold.warehouse.snowflake.SnowflakeSettings;
import io.medallion.gold.warehouse.snowflake.SnowflakeWarehouse;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where finished stars go, as the options say.
 *
 * <p>{@code --warehouse} outranks what the lake suggests: a DuckDB file in a lake on a local disk,
 * and no warehouse elsewhere.
 *
 * @param file the DuckDB file; absent for other kinds
 * @param settings where in Snowflake; absent for other kinds
 * @param remark what the user should know of the choice; usually absent
 */
record WarehouseChoice(
    Kind kind, Optional<Path> file, Optional<SnowflakeSettings> settings, Optional<String> remark) {
  /** The kinds of warehouses. */
  enum Kind {
    DUCKDB,
    SNOWFLAKE,
    NONE;

    String option() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final OptionSpec WAREHOUSE =
      OptionSpec.optional("warehouse", "KIND", "duckdb or snowflake", "duckdb");
  static final OptionSpec WAREHOUSE_OR_NONE =
      OptionSpec.optional(
          "warehouse",
          "KIND",
          "where finished stars go: duckdb, snowflake or none; without it, duckdb where the lake is on a local"
              + " disk");
  static final OptionSpec WAREHOUSE_TO_COUNT =
      OptionSpec.optional(
          "warehouse",
          "KIND",
          "whose rows to count: duckdb, snowflake or none; without it, the DuckDB file where there is"
              + " one");
  static final OptionSpec FILE =
      OptionSpec.optional(
          "warehouse-file",
          "PATH",
          "the DuckDB file, on a local disk; without it, warehouse.duckdb in the lake");

  static final OptionSpec CONFIG =
      OptionSpec.optional(
          "warehouse-config",
          "FILE",
          "YAML with Snowflake's account, user, key, database and schema; secrets as ${env:NAME}");

  private static final String FILE_NAME = "warehouse.duckdb";

  /** The choice of a command that needs a warehouse; notes what is wrong with it. */
  static Optional<WarehouseChoice> required(
      Arguments arguments, String lakeRoot, List<Mistake> mistakes) {
    return of(
        arguments,
        arguments.text(WAREHOUSE),
        List.of(Kind.DUCKDB, Kind.SNOWFLAKE),
        lakeRoot,
        mistakes);
  }

  /**
   * The choice of a command that goes without a warehouse too.
   *
   * @throws ConfigurationException with all that is wrong with it
   */
  static WarehouseChoice optional(Arguments arguments, String lakeRoot) {
    Optional<String> written = arguments.maybe(WAREHOUSE_OR_NONE);
    if (written.isEmpty() && arguments.maybe(FILE).isEmpty() && local(lakeRoot).isEmpty()) {
      return new WarehouseChoice(
          Kind.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.of(
              "the star was loaded into no warehouse: the lake is not on a local disk. --warehouse-file"
                  + " names a DuckDB file that is"));
    }
    List<Mistake> mistakes = new ArrayList<>();
    Optional<WarehouseChoice> choice =
        of(arguments, written.orElse("duckdb"), List.of(Kind.values()), lakeRoot, mistakes);
    return choice.orElseThrow(() -> new ConfigurationException(mistakes));
  }

  /**
   * The warehouse whose rows are to be counted; absent where none was named and there is no file.
   *
   * @throws ConfigurationException with all that is wrong with it
   */
  static Optional<WarehouseChoice> toCount(Arguments arguments, String lakeRoot) {
    if (arguments.maybe(WAREHOUSE_TO_COUNT).isPresent() || arguments.maybe(CONFIG).isPresent()) {
      return Optional.of(optional(arguments, lakeRoot));
    }
    return arguments
        .maybe(FILE)
        .map(Path::of)
        .or(() -> file(lakeRoot))
        .filter(Files::exists)
        .map(
            file ->
                new WarehouseChoice(
                    Kind.DUCKDB, Optional.of(file), Optional.empty(), Optional.empty()));
  }

  /** Snowflake, or what stands in for it. */
  static WarehouseChoice snowflake(SnowflakeSettings settings) {
    return new WarehouseChoice(
        Kind.SNOWFLAKE, Optional.empty(), Optional.of(settings), Optional.empty());
  }

  private static Optional<WarehouseChoice> of(
      Arguments arguments,
      String written,
      List<Kind> kinds,
      String lakeRoot,
      List<Mistake> mistakes) {
    int before = mistakes.size();
    Optional<Kind> kind = kinds.stream().filter(k -> k.option().equals(written)).findFirst();
    Optional<String> file = arguments.maybe(FILE);
    if (kind.isEmpty()) {
      mistakes.add(
          new Mistake(
              "--warehouse " + written,
              "there is no such kind of warehouse",
              NearestName.fix(written, kinds.stream().map(Kind::option).toList(), "")));
    } else if (kind.get() != Kind.DUCKDB && file.isPresent()) {
      mistakes.add(
          new Mistake(
              "--warehouse-file " + file.get(),
              "--warehouse " + written + " has no file",
              "leave one of the two out"));
    }
    Optional<SnowflakeSettings> settings = settings(arguments, kind, mistakes);
    Optional<Path> path = file.map(Path::of).or(() -> file(lakeRoot));
    if (kind.equals(Optional.of(Kind.DUCKDB)) && path.isEmpty()) {
      mistakes.add(
          new Mistake(
              "--lake " + lakeRoot,
              "the lake is not on a local disk, where DuckDB needs its file",
              "name one with --warehouse-file"));
    }
    if (file.isPresent() && file.get().contains("://")) {
      mistakes.add(
          new Mistake(
              "--warehouse-file " + file.get(),
              "DuckDB writes files on local disks only",
              "name a path"));
    }
    return mistakes.size() > before
        ? Optional.empty()
        : Optional.of(
            new WarehouseChoice(
                kind.orElseThrow(),
                kind.get() == Kind.DUCKDB ? path : Optional.empty(),
                settings,
                Optional.empty()));
  }

  private static Optional<SnowflakeSettings> settings(
      Arguments arguments, Optional<Kind> kind, List<Mistake> mistakes) {
    Optional<String> file = arguments.maybe(CONFIG);
    boolean snowflake = kind.equals(Optional.of(Kind.SNOWFLAKE));
    if (snowflake && file.isEmpty()) {
      mistakes.add(
          new Mistake(
              "--warehouse snowflake",
              "nothing says where, and how to log in there",
              "name a file of settings with --warehouse-config"));
    } else if (file.isPresent() && kind.isPresent() && !snowflake) {
      mistakes.add(
          new Mistake(
              "--warehouse-config " + file.get(),
              "--warehouse " + kind.get().option() + " has no settings",
              "leave it out, or write --warehouse snowflake"));
    } else if (snowflake) {
      try {
        return Optional.of(SnowflakeSettings.read(Path.of(file.get()), System::getenv));
      } catch (ConfigurationException e) {
        mistakes.addAll(e.mistakes());
      }
    }
    return Optional.empty();
  }

  /**
   * The file that a lake's stars go into by default; absent where the lake is not on a local disk.
   */
  static Optional<Path> file(String lakeRoot) {
    return local(lakeRoot).map(root -> root.resolve(FILE_NAME));
  }

  private static Optional<Path> local(String lakeRoot) {
    if (!lakeRoot.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      return Optional.of(Path.of(lakeRoot).toAbsolutePath().normalize());
    }
    return lakeRoot.startsWith("file:")
        ? Optional.of(Path.of(URI.create(lakeRoot).getPath()).normalize())
        : Optional.empty();
  }

  /** Opens the warehouse; absent where none was chosen. */
  Optional<Warehouse> open(Lakehouse lakehouse) {
    return switch (kind) {
      case DUCKDB ->
          Optional.of(new DuckDbWarehouse(lakehouse.spark(), lakehouse.lake(), file.orElseThrow()));
      case SNOWFLAKE -> Optional.of(new SnowflakeWarehouse(settings.orElseThrow()));
      case NONE -> Optional.empty();
    };
  }
}
