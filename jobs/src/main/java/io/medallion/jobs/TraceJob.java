package io.medallion.jobs;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.inspect.Trace;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code medallion trace}: from a fact back to the raw text it came from. */
public final class TraceJob extends Job {
  private static final OptionSpec STAR =
      OptionSpec.optional("star", "NAME", "the star the fact belongs to", "sales");
  private static final OptionSpec KEY =
      OptionSpec.optional(
          "key", "COLUMN=VALUE[,…]", "the fact, by columns of its grain; some or all of them");
  private static final OptionSpec ORDER_ID =
      OptionSpec.optional("order-id", "ID", "short for --key order_id=ID");
  private static final OptionSpec ROW_ID =
      OptionSpec.optional("row-id", "N", "short for --key row_id=N");

  public static void main(String[] line) {
    main(new TraceJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "trace",
        "Show a fact, the dimension versions it refers to, its silver row and its raw text.",
        List.of(ORDER_ID, ROW_ID, KEY, STAR),
        List.of(
            "medallion trace --order-id CA-2012-124891",
            "medallion trace --star sales --key order_id=CA-2012-124891,row_id=32298 --json"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return true;
  }

  @Override
  protected int run(Arguments arguments, Console console) throws IOException {
    Map<String, String> key = key(arguments);
    ReadOnlyLakehouse lakehouse = ReadOnlyLakehouse.open(arguments);
    Star star = lakehouse.configuration().stars().byName(arguments.text(STAR));
    List<Trace> traces = Trace.find(lakehouse, star, key);
    if (arguments.on(CommandSpec.JSON)) {
      console.json(traces);
    } else {
      traces.forEach(trace -> print(trace, console));
    }
    if (traces.isEmpty()) {
      console.error("no fact of star " + star.name() + " has " + key);
      return ExitCode.FAILED;
    }
    return ExitCode.DONE;
  }

  private static Map<String, String> key(Arguments arguments) {
    Map<String, String> key = new LinkedHashMap<>();
    arguments.maybe(ORDER_ID).ifPresent(id -> key.put("order_id", id));
    arguments.maybe(ROW_ID).ifPresent(id -> key.put("row_id", id));
    List<Mistake> mistakes = new ArrayList<>();
    for (String pair : arguments.maybe(KEY).map(k -> k.split(",", -1)).orElse(new String[0])) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        mistakes.add(
            new Mistake(
                "--key " + pair,
                "it is not of the form COLUMN=VALUE",
                "such as --key order_id=A-1"));
      } else {
        key.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    if (key.isEmpty() && mistakes.isEmpty()) {
      mistakes.add(
          new Mistake(
              "medallion trace", "no fact is named", "give --order-id, or --key COLUMN=VALUE"));
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return key;
  }

  private static void print(Trace trace, Console console) {
    section(console, trace.factTable(), trace.fact());
    trace.dimensions().forEach((table, row) -> section(console, table, row));
    section(console, trace.silverTable(), trace.silver());
    String place = trace.sourceUri().startsWith("kafka:") ? ", offset " : ", record ";
    console.line("raw     " + trace.sourceUri() + place + trace.recordNumber());
    trace.rawText().lines().forEach(line -> console.line("          " + line));
    console.line("");
  }

  private static void section(Console console, String table, Map<String, String> row) {
    console.line(table);
    int width = row.keySet().stream().mapToInt(String::length).max().orElse(0);
    row.forEach(
        (column, value) ->
            console.line(
                "          "
                    + column
                    + " ".repeat(width - column.length())
                    + "  "
                    + value.replace("\n", "\n" + " ".repeat(12 + width))));
  }
}
