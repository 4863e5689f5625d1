package io.medallion.jobs.lakehouse;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.Settings;
import io.medallion.jobs.config.SnowflakeProfile;
import io.medallion.jobs.config.WarehouseKind;
import io.medallion.warehouse.LoadedWarehouse;
import io.medallion.warehouse.Warehouse;
import io.medallion.warehouse.duckdb.DuckDbReader;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import io.medallion.warehouse.snowflake.SnowflakeWarehouse;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The warehouse that options and settings choose for finished stars.
 *
 * <p>{@code --warehouse} outranks what the lake suggests: a DuckDB file in a lake on a local disk,
 * and no warehouse elsewhere.
 *
 * @param file the DuckDB file; absent for other kinds
 * @param settings where in Snowflake; absent for other kinds
 * @param remark what the user should know of the choice; usually absent
 */
public record WarehouseChoice(
    WarehouseKind kind,
    Optional<Path> file,
    Optional<SnowflakeSettings> settings,
    Optional<String> remark) {
  public static final OptionSpec WAREHOUSE = Settings.WAREHOUSE_KIND.option().orElseThrow();
  public static final OptionSpec FILE = Settings.WAREHOUSE_FILE.option().orElseThrow();
  public static final OptionSpec CONFIG = Settings.WAREHOUSE_CONFIG.option().orElseThrow();

  private static final String FILE_NAME = "warehouse.duckdb";

  /** The choice of a command that needs a warehouse; notes what is wrong with it. */
  public static Optional<WarehouseChoice> required(
      Arguments arguments, String lakeRoot, List<Mistake> mistakes) {
    String written = arguments.maybe(WAREHOUSE).orElse(WarehouseKind.DUCKDB.option());
    return of(
        arguments,
        written,
        List.of(WarehouseKind.DUCKDB, WarehouseKind.SNOWFLAKE),
        lakeRoot,
        mistakes);
  }

  /**
   * The choice of a command that goes without a warehouse too.
   *
   * @throws ConfigurationException with all that is wrong with it
   */
  public static WarehouseChoice optional(Arguments arguments, String lakeRoot) {
    Optional<String> written = arguments.maybe(WAREHOUSE);
    if (written.isEmpty() && arguments.maybe(FILE).isEmpty() && local(lakeRoot).isEmpty()) {
      return new WarehouseChoice(
          WarehouseKind.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.of(
              "the star was loaded into no warehouse: the lake is not on a local disk."
                  + " --warehouse-file names a DuckDB file that is"));
    }
    List<Mistake> mistakes = new ArrayList<>();
    Optional<WarehouseChoice> choice =
        of(
            arguments,
            written.orElse(WarehouseKind.DUCKDB.option()),
            List.of(WarehouseKind.values()),
            lakeRoot,
            mistakes);
    return choice.orElseThrow(() -> new ConfigurationException(mistakes));
  }

  /**
   * The warehouse whose rows are to be counted; absent where none was named and there is no file.
   *
   * @throws ConfigurationException with all that is wrong with it
   */
  public static Optional<WarehouseChoice> toCount(Arguments arguments, String lakeRoot) {
    WarehouseChoice choice = optional(arguments, lakeRoot);
    boolean counted =
        switch (choice.kind()) {
          case DUCKDB -> choice.file().filter(Files::exists).isPresent();
          case SNOWFLAKE -> true;
          case NONE -> false;
        };
    return Optional.of(choice).filter(chosen -> counted);
  }

  /** Snowflake, or a server that speaks its protocol. */
  public static WarehouseChoice snowflake(SnowflakeSettings settings) {
    return new WarehouseChoice(
        WarehouseKind.SNOWFLAKE, Optional.empty(), Optional.of(settings), Optional.empty());
  }

  private static Optional<WarehouseChoice> of(
      Arguments arguments,
      String written,
      List<WarehouseKind> kinds,
      String lakeRoot,
      List<Mistake> mistakes) {
    int before = mistakes.size();
    Optional<WarehouseKind> kind =
        kinds.stream().filter(k -> k.option().equals(written)).findFirst();
    Optional<String> file = arguments.maybe(FILE);
    if (kind.isEmpty() && written.equals(WarehouseKind.NONE.option())) {
      mistakes.add(
          new Mistake(
              arguments.place(WAREHOUSE),
              "this command needs a warehouse",
              "name one with --warehouse " + WarehouseKind.DUCKDB.option()));
    } else if (kind.isEmpty()) {
      mistakes.add(
          new Mistake(
              arguments.place(WAREHOUSE),
              "there is no such kind of warehouse",
              NearestName.fix(written, kinds.stream().map(WarehouseKind::option).toList(), "")));
    } else if (kind.get() != WarehouseKind.DUCKDB && file.isPresent()) {
      mistakes.add(
          new Mistake(
              arguments.place(FILE),
              arguments.place(WAREHOUSE) + " has no file",
              "leave one of the two out, or write --warehouse " + WarehouseKind.DUCKDB.option()));
    }
    Optional<SnowflakeSettings> settings = settings(arguments, kind, mistakes);
    Optional<Path> path = file.map(Path::of).or(() -> file(lakeRoot));
    if (kind.equals(Optional.of(WarehouseKind.DUCKDB)) && path.isEmpty()) {
      mistakes.add(
          new Mistake(
              lake(arguments, lakeRoot),
              "the lake is not on a local disk, where DuckDB needs its file",
              "name one with --warehouse-file"));
    }
    if (file.isPresent() && file.get().contains("://")) {
      mistakes.add(
          new Mistake(
              arguments.place(FILE), "DuckDB writes files on local disks only", "name a path"));
    }
    return mistakes.size() > before
        ? Optional.empty()
        : Optional.of(
            new WarehouseChoice(
                kind.orElseThrow(),
                kind.get() == WarehouseKind.DUCKDB ? path : Optional.empty(),
                settings,
                Optional.empty()));
  }

  /** A demo's lake is not the one that options and settings name. */
  private static String lake(Arguments arguments, String lakeRoot) {
    return arguments.text(CommandSpec.LAKE).equals(lakeRoot)
        ? arguments.place(CommandSpec.LAKE)
        : "the lake " + lakeRoot;
  }

  private static Optional<SnowflakeSettings> settings(
      Arguments arguments, Optional<WarehouseKind> kind, List<Mistake> mistakes) {
    Optional<String> file = arguments.maybe(CONFIG);
    boolean snowflake = kind.equals(Optional.of(WarehouseKind.SNOWFLAKE));
    if (snowflake && file.isEmpty()) {
      return SnowflakeProfile.settings(arguments.installation(), mistakes);
    }
    if (file.isPresent() && kind.isPresent() && !snowflake) {
      mistakes.add(
          new Mistake(
              arguments.place(CONFIG),
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

  /** The folder of a lake on a disk of this machine. */
  public static Optional<Path> local(String lakeRoot) {
    if (!lakeRoot.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      return Optional.of(Path.of(lakeRoot).toAbsolutePath().normalize());
    }
    return lakeRoot.startsWith("file:")
        ? Optional.of(Path.of(URI.create(lakeRoot).getPath()).normalize())
        : Optional.empty();
  }

  /** The warehouse for who only looks; absent where none was chosen. */
  public Optional<LoadedWarehouse> read() {
    return switch (kind) {
      case DUCKDB -> Optional.of(new DuckDbReader(file.orElseThrow()));
      case SNOWFLAKE -> Optional.of(new SnowflakeWarehouse(settings.orElseThrow()));
      case NONE -> Optional.empty();
    };
  }

  /** Opens the warehouse; absent where none was chosen. */
  public Optional<Warehouse> open(Lakehouse lakehouse) {
    return switch (kind) {
      case DUCKDB ->
          Optional.of(new DuckDbWarehouse(lakehouse.spark(), lakehouse.lake(), file.orElseThrow()));
      case SNOWFLAKE -> Optional.of(new SnowflakeWarehouse(settings.orElseThrow()));
      case NONE -> Optional.empty();
    };
  }
}
