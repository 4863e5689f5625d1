package io.medallion.jobs;

import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs commands whose classes the launcher archives, so that later JVMs start with them loaded:
 * {@code run LAKE SOURCE} makes a lake and queries it, {@code look LAKE SOURCE} looks at one, and at
 * what a run would do with a source.
 */
public final class ClassesTraining {
  private record Line(Job job, String... words) {}

  private ClassesTraining() {}

  public static void main(String[] arguments) {
    String lake = arguments[1];
    List<Line> lines =
        arguments[0].equals("run")
            ? List.of(
                new Line(new RunJob(), "--source", arguments[2]),
                new Line(
                    new SqlJob(),
                    "SELECT year, sum(sales) FROM gold.fact_sales f JOIN gold.dim_date d"
                        + " ON d.date_key = f.order_date_key GROUP BY year ORDER BY year"))
            : List.of(
                new Line(new StatusJob()),
                new Line(new StatusJob(), "--json"),
                new Line(new ReconcileJob()),
                new Line(new ReconcileJob(), "--scan", "--json"),
                new Line(new QuarantineJob(), "list"),
                new Line(new QuarantineJob(), "show", "--format", "json"),
                new Line(new TraceJob(), "--key", "row_id=1"),
                new Line(new PlanJob(), "--source", arguments[2]),
                new Line(new ReconcileJob(), "--help"),
                new Line(new ReconcileJob(), "--hlep"));
    Console silent =
        new Console(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(OutputStream.nullOutputStream()));
    boolean done = true;
    for (Line line : lines) {
      List<String> words = new ArrayList<>(List.of(line.words()));
      words.addAll(List.of("--lake", lake));
      int code = line.job().run(words.toArray(String[]::new), silent, Map.of());
      done &= code == ExitCode.DONE || code == ExitCode.GATE_BREACHED;
    }
    // Whether looking finds a fact or a mistake does not matter here.
    System.exit(done || arguments[0].equals("look") ? ExitCode.DONE : ExitCode.FAILED);
  }
}
