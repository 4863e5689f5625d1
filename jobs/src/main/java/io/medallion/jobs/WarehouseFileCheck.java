package io.medallion.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The DuckDB file, where one is configured. */
final class WarehouseFileCheck implements Checkup.Check {
  @Override
  public String name() {
    return "warehouse";
  }

  @Override
  public List<Diagnosis> diagnose(Checkup checkup) {
    Installation installation = checkup.installation();
    Optional<String> kind = installation.value(Settings.WAREHOUSE_KIND);
    Optional<String> file = installation.value(Settings.WAREHOUSE_FILE);
    boolean duckDb = kind.equals(Optional.of("duckdb")) || (kind.isEmpty() && file.isPresent());
    if (!duckDb) {
      return List.of();
    }
    Optional<Path> path =
        file.map(Path::of)
            .or(
                () ->
                    DiskCheck.local(checkup.lake()).map(root -> root.resolve("warehouse.duckdb")));
    if (path.isEmpty()) {
      return List.of(
          new Diagnosis.Failed(
              name(),
              "DuckDB needs a file on a local disk, and the lake is not on one",
              "set warehouse.file, or warehouse.kind to none"));
    }
    return List.of(file(path.get().toAbsolutePath().normalize()));
  }

  static Diagnosis file(Path file) {
    String name = "warehouse " + file;
    if (Files.isDirectory(file)) {
      return new Diagnosis.Failed(name, "it is a folder", "name a file in warehouse.file");
    }
    if (Files.exists(file)) {
      return Files.isReadable(file) && Files.isWritable(file)
          ? new Diagnosis.Ok(name, "it can be read and written")
          : new Diagnosis.Failed(
              name, "this user may not read and write it", "change its owner or its mode");
    }
    Path folder = file.getParent();
    while (!Files.exists(folder)) {
      folder = folder.getParent();
    }
    return Files.isDirectory(folder) && Files.isWritable(folder)
        ? new Diagnosis.Ok(name, "it is not there yet, and can be made")
        : new Diagnosis.Failed(
            name,
            "it is not there, and cannot be made in " + folder,
            "name a file in warehouse.file whose folder this user may write");
  }
}
