package io.medallion.jobs.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs commands whose classes the launcher archives, so that later JVMs start with them loaded:
 * {@code run LAKE SOURCE} makes a lake and queries it, {@code look LAKE SOURCE} looks at one, and
 * at what a run would do with a source.
 */
public final class ClassesTraining {
  private record Line(String job, String... words) {
    Job command() throws ReflectiveOperationException {
      return (Job) Class.forName("io.medallion.jobs." + job).getDeclaredConstructor().newInstance();
    }
  }

  private ClassesTraining() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    String lake = arguments[1];
    List<Line> lines =
        arguments[0].equals("run")
            ? List.of(
                new Line("RunJob", "--source", arguments[2]),
                new Line(
                    "SqlJob",
                    "SELECT year, sum(sales) FROM gold.fact_sales f JOIN gold.dim_date d"
                        + " ON d.date_key = f.order_date_key GROUP BY year ORDER BY year"))
            : List.of(
                new Line("StatusJob"),
                new Line("StatusJob", "--json"),
                new Line("CheckJob"),
                new Line("ReconcileJob"),
                new Line("ReconcileJob", "--scan", "--json"),
                new Line("QuarantineJob", "list"),
                new Line("QuarantineJob", "show", "--format", "json"),
                new Line("TraceJob", "--key", "row_id=1"),
                new Line("PlanJob", "--source", arguments[2]),
                new Line("ReconcileJob", "--help"),
                new Line("ReconcileJob", "--hlep"));
    Console silent =
        new Console(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(OutputStream.nullOutputStream()));
    boolean done = true;
    for (Line line : lines) {
      List<String> words = new ArrayList<>(List.of(line.words()));
      words.addAll(List.of("--lake", lake));
      int code = line.command().run(words.toArray(String[]::new), silent, Map.of());
      done &= code == ExitCode.DONE || code == ExitCode.GATE_BREACHED;
    }
    // Whether looking finds a fact or a mistake does not matter here.
    System.exit(done || arguments[0].equals("look") ? ExitCode.DONE : ExitCode.FAILED);
  }
}
