package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.BronzeJob;
import io.medallion.jobs.CheckJob;
import io.medallion.jobs.ConfigJob;
import io.medallion.jobs.DoctorJob;
import io.medallion.jobs.GoldJob;
import io.medallion.jobs.LoadJob;
import io.medallion.jobs.PlanJob;
import io.medallion.jobs.QuarantineJob;
import io.medallion.jobs.ReconcileJob;
import io.medallion.jobs.RunJob;
import io.medallion.jobs.SilverJob;
import io.medallion.jobs.SqlJob;
import io.medallion.jobs.StatusJob;
import io.medallion.jobs.StreamJob;
import io.medallion.jobs.TraceJob;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.config.WarehouseKind;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  static List<Job> jobs() {
    return List.of(
        new BronzeJob(),
        new SilverJob(),
        new GoldJob(),
        new LoadJob(),
        new RunJob(),
        new StreamJob(),
        new PlanJob(),
        new SqlJob(),
        new ReconcileJob(),
        new TraceJob(),
        new QuarantineJob(),
        new CheckJob(),
        new StatusJob(),
        new ConfigJob(),
        new DoctorJob(),
        new GenerateJob(),
        new ProduceJob(),
        new DemoJob());
  }

  private int run(Job job, String... line) {
    return job.run(
        line,
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void helpTellsEveryOptionAndAnExample(Job job) {
    assertThat(run(job, "--help")).isEqualTo(ExitCode.DONE);
    String help = out.toString(StandardCharsets.UTF_8);
    job.spec().options().forEach(option -> assertThat(help).contains("--" + option.name()));
    assertThat(help).contains(job.spec().summary()).contains(job.spec().examples().get(0));
  }

  @Test
  void unknownOptionSuggestsTheNearest() {
    assertThat(run(new RunJob(), "--sorce", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("Unknown option --sorce")
        .contains("did you mean --source?");
  }

  @Test
  void missingRequiredOptionIsAUsageError() {
    assertThat(run(new RunJob())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("Missing option --source");
  }

  @Test
  void severalValuesAfterOneOptionAreAllTaken() {
    Arguments arguments =
        Arguments.parse(
            new RunJob().spec(),
            new String[] {"--source", "a", "b", "--lake", "l", "--source", "c"});
    assertThat(arguments.all(CommandSpec.SOURCE)).containsExactly("a", "b", "c");
    assertThat(arguments.text(CommandSpec.LAKE)).isEqualTo("l");
    assertThat(arguments.text(CommandSpec.FEED)).isEqualTo("sales_orders");
  }

  @Test
  void aLimitThatIsNoNumberIsAUsageError() {
    assertThat(run(new SqlJob(), "SELECT 1", "--limit", "many")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "error: --limit many: it is not a whole number of at least 0\n"
                + "    fix: such as --limit 100\n");
  }

  @Test
  void everyMistakeInTheOptionsOfALoadIsToldAtOnce() {
    assertThat(
            run(
                new LoadJob(),
                "--warehouse",
                "duckbd",
                "--star",
                "salse",
                "--warehouse-file",
                "s3a://bucket/sales.duckdb"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--warehouse duckbd: there is no such kind of warehouse\n    fix: write `duckdb`")
        .contains(
            "--warehouse-file s3a://bucket/sales.duckdb: DuckDB writes files on local disks only")
        .contains("star `salse`: no star file declares it\n    fix: write `sales`");
  }

  @Test
  void everyMistakeInTheOptionsOfAStreamIsToldAtOnce() {
    assertThat(
            run(
                new StreamJob(),
                "--star",
                "salse",
                "--trigger",
                "5",
                "--gold-trigger",
                "often",
                "--drain",
                "x",
                "--for",
                "ever",
                "--metrics-port",
                "99999",
                "--warehouse",
                "duckbd",
                "--on-data-loss",
                "never"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(
            "--bootstrap-servers: the feed is a topic's, and no broker is named\n    fix: such")
        .contains("--on-data-loss never: it is not known\n    fix: fail or record")
        .contains("--trigger 5: it is no duration\n    fix: such as 500ms, 10s or 1m")
        .contains("--gold-trigger often: it is no duration")
        .contains("--drain x: it is no duration")
        .contains("--for ever: it is no duration")
        .contains("--metrics-port 99999: it is no port\n    fix: a number from 0 to 65535")
        .contains("--warehouse duckbd: there is no such kind of warehouse\n    fix: write `duckdb`")
        .contains("star `salse`: no star file declares it\n    fix: write `sales`");
  }

  @Test
  void everyMistakeInLandingATopicIsToldAtOnce() {
    assertThat(run(new BronzeJob(), "--feed", "sales_events", "--trigger", "twice"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--bootstrap-servers: the feed is a topic's, and no broker is named")
        .contains("--trigger twice: it is no duration\n    fix: once, or such as 10s");
  }

  @Test
  void aLakeElsewhereNeedsAPlaceForTheFile() {
    assertThat(run(new LoadJob(), "--lake", "s3a://bucket/lake")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "error: --lake s3a://bucket/lake: the lake is not on a local disk, where DuckDB needs"
                + " its file\n"
                + "    fix: name one with --warehouse-file\n");
  }

  @Test
  void aRunOverALakeElsewhereGoesWithoutAWarehouseUnlessToldTo() {
    assertThat(choice("--source", "x").kind()).isEqualTo(WarehouseKind.NONE);
    assertThat(choice("--source", "x").remark())
        .hasValueSatisfying(remark -> assertThat(remark).contains("--warehouse-file"));
    assertThat(choice("--source", "x", "--warehouse-file", "/data/w.duckdb").file())
        .hasValue(Path.of("/data/w.duckdb"));
    assertThat(choice("--source", "x", "--warehouse", "none").remark()).isEmpty();
  }

  @Test
  void aLoadIntoNoWarehouseIsRefusedWithThePlaceOfTheSetting() {
    CommandRun run =
        CommandRun.of(new LoadJob(), Map.of("MEDALLION_WAREHOUSE_KIND", "none"), "--lake", "l");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "error: `warehouse.kind: none` (environment MEDALLION_WAREHOUSE_KIND): this command needs"
                + " a warehouse\n"
                + "    fix: name one with --warehouse duckdb\n");
  }

  private static WarehouseChoice choice(String... line) {
    return WarehouseChoice.optional(
        Arguments.parse(new RunJob().spec(), line), "s3a://bucket/lake");
  }
}
