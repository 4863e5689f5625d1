package io.medallion.jobs.doctor;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import io.medallion.warehouse.snowflake.SnowflakeWarehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The warehouse that a run would load, by the same choice as a run's. */
final class WarehouseCheck implements HealthChecks.Check {
  @Override
  public String name() {
    return "warehouse";
  }

  @Override
  public List<HealthResult> results(HealthChecks healthChecks) {
    WarehouseChoice choice;
    try {
      choice = WarehouseChoice.optional(healthChecks.arguments(), healthChecks.lake().root());
    } catch (ConfigurationException e) {
      return HealthResult.of(name(), e);
    }
    return List.of(
        switch (choice.kind()) {
          case DUCKDB -> duckDb(choice.file().orElseThrow());
          case SNOWFLAKE -> snowflake(choice.settings().orElseThrow());
          case NONE ->
              new HealthResult.Ok(name(), "a run ends with gold: " + reason(healthChecks, choice));
        });
  }

  private static String reason(HealthChecks healthChecks, WarehouseChoice choice) {
    return choice.remark().isPresent()
        ? "the lake is not on a local disk, and no --warehouse-file is"
        : healthChecks.arguments().place(WarehouseChoice.WAREHOUSE);
  }

  private static HealthResult snowflake(SnowflakeSettings settings) {
    try (SnowflakeWarehouse warehouse = new SnowflakeWarehouse(settings)) {
      warehouse.probe();
      return new HealthResult.Ok(
          "warehouse " + warehouse.place(),
          "the login holds, and the role may do what a load does");
    } catch (LakeException e) {
      return HealthResult.of("warehouse snowflake", e);
    }
  }

  /** A load makes a copy beside the file and renames it, so the folder must be writable. */
  static HealthResult duckDb(Path file) {
    String name = "warehouse " + file;
    if (Files.isDirectory(file)) {
      return new HealthResult.Failed(
          name, "it is a folder", "name a file with --warehouse-file or warehouse.file");
    }
    Path folder = DiskCheck.existing(file.toAbsolutePath().getParent());
    try {
      Files.delete(Files.createTempFile(folder, ".doctor-", ""));
    } catch (IOException e) {
      return new HealthResult.Failed(
          name,
          "this user cannot make files in " + folder,
          "make the folder writable, or name a file elsewhere with --warehouse-file or"
              + " warehouse.file");
    }
    try {
      return new HealthResult.Ok(
          name,
          DuckDbWarehouse.opens(file)
              ? "it opens, and can be replaced"
              : "it is not there yet, and can be made");
    } catch (LakeException e) {
      return HealthResult.of(name, e);
    }
  }
}
