package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        new RunJob(),
        new PlanJob(),
        new SqlJob(),
        new ReconcileJob(),
        new TraceJob(),
        new QuarantineJob(),
        new ConfigJob(),
        new DoctorJob(),
        new GenerateJob(),
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
            "error: --limit many: it is not a whole number of at least 0\n    fix: such as --limit 100\n");
  }
}
