package io.medallion.jobs;

import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.doctor.HealthChecks;
import io.medallion.jobs.doctor.HealthResult;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/** {@code medallion doctor}: everything a run needs, and how to mend what is missing. */
public final class DoctorJob extends Job {
  public static void main(String[] line) {
    main(new DoctorJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "doctor",
        "Look at all that a run needs: Java, Spark, contracts, stars, disk, bucket, lake, clock,"
            + " warehouse, brokers, topics. Exit code 1 where a run would fail.",
        List.of(
            WarehouseChoice.WAREHOUSE,
            WarehouseChoice.FILE,
            WarehouseChoice.CONFIG,
            TopicOptions.BOOTSTRAP_SERVERS,
            TopicOptions.TOPIC,
            TopicOptions.KAFKA_OPTION,
            TopicOptions.KAFKA_PROPERTIES),
        List.of(
            "medallion doctor",
            "medallion doctor --profile aws --json",
            "medallion doctor --bootstrap-servers kafka:9092"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return true;
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    List<HealthResult> results = HealthChecks.of(arguments, Clock.systemUTC()).results();
    boolean ready = results.stream().noneMatch(result -> result instanceof HealthResult.Failed);
    if (arguments.on(CommandSpec.JSON)) {
      console.json(new Output(ready, results.stream().map(Diagnosis::of).toList()));
    } else {
      results.forEach(result -> print(result, console));
      console.line(ready ? "A run has all it needs." : "A run would fail.");
    }
    return ready ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static void print(HealthResult result, Console console) {
    console.line(
        String.format(Locale.ROOT, "%-8s %s: %s", result.state(), result.name(), result.why()));
    if (!result.fix().isBlank()) {
      console.line("           fix: " + result.fix());
    }
  }

  /** What {@code --json} prints. */
  private record Output(boolean ready, List<Diagnosis> diagnoses) {}

  private record Diagnosis(String name, String state, String why, String fix) {
    static Diagnosis of(HealthResult result) {
      return new Diagnosis(result.name(), result.state(), result.why(), result.fix());
    }
  }
}
