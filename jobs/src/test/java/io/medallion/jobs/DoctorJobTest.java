package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorJobTest {
  @TempDir Path dir;

  private CommandRun doctor(String lake, String... more) {
    return doctor(Map.of(), lake, more);
  }

  private static CommandRun doctor(Map<String, String> environment, String lake, String... more) {
    String[] line = java.util.Arrays.copyOf(more, more.length + 2);
    line[more.length] = "--lake";
    line[more.length + 1] = lake;
    return CommandRun.of(new DoctorJob(), environment, line);
  }

  @Test
  void localLakeHasAllItNeedsAndNothingIsLeftBehind() throws IOException {
    Path lake = dir.resolve("new/lake");
    CommandRun run = doctor(lake.toString());
    assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.DONE);
    assertThat(run.out())
        .contains("ok       spark: 3.5.")
        .contains("ok       contracts and stars: contracts: ")
        .contains("ok       lake " + lake + ": written to, read and cleaned up\n")
        .contains("ok       clock: less than a minute from the lake's store\n")
        .contains(" disk ")
        .endsWith("A run has all it needs.\n");
    assertThat(dir.resolve("new")).doesNotExist();
    Files.createDirectories(lake.resolve("ops/runs"));
    assertThat(doctor(lake.toString()).exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(lake.resolve("ops")).isDirectoryContaining(p -> p.endsWith("runs"));
    try (var left = Files.list(lake.resolve("ops"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void lakeThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "in the way");
    CommandRun run = doctor(file + "/lake");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains("failed   lake " + file + "/lake: it cannot be written: ")
        .contains("fix: name a folder with --lake in which this user may write\n")
        .endsWith("A run would fail.\n");
  }

  @Test
  void contractWithTwoMistakesIsToldWithBoth() throws IOException {
    Path conf = dir.resolve("conf");
    FileUtils.copyDirectory(TestLake.REPOSITORY.resolve("conf").toFile(), conf.toFile());
    Path contract = conf.resolve("contracts/sales_orders.odcs.yaml");
    String text = Files.readString(contract);
    String broken =
        text.replaceFirst("dataGranularityDescription:", "dataGranularity:")
            .replaceFirst(" description: Number of the order line", " descripton: Number");
    assertThat(broken).contains("dataGranularity:").contains("descripton:");
    Files.writeString(contract, broken);
    CommandRun run = doctor(dir.resolve("lake").toString(), "--config", conf.toString(), "--json");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    JsonNode json = new JsonMapper().readTree(run.out());
    assertThat(json.get("ready").asBoolean()).isFalse();
    assertThat(json.get("diagnoses").findValuesAsText("why"))
        .filteredOn(why -> why.contains("sales_orders.odcs.yaml:"))
        .hasSize(2)
        .anyMatch(why -> why.contains("no key `dataGranularity`"))
        .anyMatch(why -> why.contains("no key `descripton`"));
    assertThat(run.out()).contains("\"state\":\"failed\"").contains("\"fix\":");
  }

  @Test
  void warehouseThatARunWouldLoadIsLookedAt() throws Exception {
    Path lake = Files.createDirectories(dir.resolve("lake"));
    Path file = lake.resolve("warehouse.duckdb");
    assertThat(doctor(lake.toString()).out())
        .contains("ok       warehouse " + file + ": it is not there yet, and can be made\n");
    DriverManager.getConnection("jdbc:duckdb:" + file).close();
    assertThat(doctor(lake.toString(), "--warehouse", "duckdb").out())
        .contains("ok       warehouse " + file + ": it opens, and can be replaced\n");
    Files.writeString(file, "this is no database, though it is long enough to be one".repeat(99));
    CommandRun damaged = doctor(lake.toString());
    assertThat(damaged.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(damaged.out())
        .contains(
            "failed   warehouse %s: %s cannot be opened as a DuckDB file: ".formatted(file, file))
        .contains("fix: move it away if it is none, and load again");
    CommandRun none = doctor(lake.toString(), "--warehouse", "none");
    assertThat(none.out()).contains("ok       warehouse: a run ends with gold: --warehouse none\n");
    assertThat(none.exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void warehouseFileThatCannotBeMadeIsNamed() throws IOException {
    String lake = dir.resolve("lake").toString();
    CommandRun run = doctor(Map.of("MEDALLION_WAREHOUSE_FILE", dir.toString()), lake);
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).contains("failed   warehouse " + dir + ": it is a folder");
    Path file = Files.writeString(dir.resolve("file"), "");
    assertThat(doctor(lake, "--warehouse-file", file + "/w.duckdb").out())
        .contains(
            "failed   warehouse %s/w.duckdb: this user cannot make files in %s\n"
                .formatted(file, file));
  }

  @Test
  void settingThatContradictsAnOptionIsNamedWithItsPlace() {
    CommandRun run =
        doctor(
            Map.of("MEDALLION_WAREHOUSE_KIND", "none"),
            dir.resolve("lake").toString(),
            "--warehouse-file",
            "/data/w.duckdb");
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains(
            "failed   warehouse: --warehouse-file /data/w.duckdb: `warehouse.kind: none`"
                + " (environment MEDALLION_WAREHOUSE_KIND) has no file\n"
                + "           fix: leave one of the two out, or write --warehouse duckdb\n");
  }

  @Test
  void wrongProfileIsAMistakeOfUsage() {
    CommandRun run = doctor("x", "--profile", "lokal");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("write `local`");
  }
}
