package io.medallion.jobs;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.Limits;
import io.medallion.jobs.cli.RowFormat;
import io.medallion.jobs.cli.RowPrinter;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.inspect.LakeCatalog;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import io.medallion.warehouse.LoadedWarehouse;
import io.medallion.warehouse.QueryAnswer;
import java.util.List;
import java.util.Optional;

/** {@code medallion sql}: a query over the lake's tables. */
public final class SqlJob extends Job {
  private static final OptionSpec FORMAT =
      OptionSpec.optional("format", "table|csv|json", "how rows are printed", "table");
  private static final OptionSpec LIMIT =
      OptionSpec.optional("limit", "N", "print at most so many rows; 0 for all", "1000");

  private static final OptionSpec ON =
      OptionSpec.optional(
          "on",
          "lake|warehouse",
          "what is asked: the lake, by Spark, or the warehouse, by its own SQL",
          "lake");

  private static final String LAKE = "lake";
  private static final String WAREHOUSE = "warehouse";
  private static final OptionSpec FILES =
      OptionSpec.toggle("files", "let the query read files too, such as csv.`/drop/a.csv`");

  private static final OptionSpec EXCEL_SAFE =
      OptionSpec.toggle(
          "excel-safe", "put ' before texts of a CSV cell that a spreadsheet takes for a formula");

  public static void main(String[] line) {
    main(new SqlJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "sql",
        "Query bronze.*, silver.*, gold.* and ops.* with Spark SQL, past versions included, or the"
            + " warehouse with its own SQL.",
        Optional.of("QUERY"),
        List.of(
            FORMAT,
            LIMIT,
            ON,
            FILES,
            EXCEL_SAFE,
            WarehouseChoice.WAREHOUSE,
            WarehouseChoice.FILE,
            WarehouseChoice.CONFIG),
        List.of(
            "medallion sql \"SELECT year, sum(sales) FROM gold.fact_sales f JOIN gold.dim_date d"
                + " ON d.date_key = f.order_date_key GROUP BY year ORDER BY year\"",
            "medallion sql \"SELECT count(*) FROM gold.fact_sales VERSION AS OF 1\" --format json",
            "medallion sql \"SHOW TABLES IN gold\"",
            "medallion sql --on warehouse \"SELECT count(*) FROM fact_sales\""));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return arguments.text(ON).equals(WAREHOUSE);
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    RowFormat format = format(arguments);
    int limit = Limits.rows(arguments.text(LIMIT));
    String query = arguments.operand().orElseThrow();
    if (arguments.text(ON).equals(WAREHOUSE)) {
      if (arguments.on(FILES)) {
        throw new ConfigurationException(
            new Mistake("--files", "it is for queries of the lake", "leave it out"));
      }
      return onWarehouse(arguments, query, format, limit, console);
    } else if (!arguments.text(ON).equals(LAKE)) {
      throw new ConfigurationException(
          new Mistake("--on " + arguments.text(ON), "there is no such place", "lake or warehouse"));
    }
    try (Lakehouse lakehouse = Lakehouse.openToQuery(arguments)) {
      LakeCatalog catalog = new LakeCatalog(lakehouse.spark(), lakehouse.lake());
      // Code for the rows of small tables takes longer to make than to run.
      boolean small = catalog.named(query).stream().allMatch(InterpretedPlans::small);
      try (InterpretedPlans plans = InterpretedPlans.of(lakehouse.spark(), small)) {
        RowPrinter.print(
            arguments.on(FILES) ? catalog.queryWithFiles(query) : catalog.query(query),
            format,
            limit,
            console);
      }
      return ExitCode.DONE;
    }
  }

  private static RowFormat format(Arguments arguments) {
    RowFormat format = RowFormat.of(arguments.text(FORMAT));
    if (!arguments.on(EXCEL_SAFE)) {
      return format;
    }
    if (format != RowFormat.CSV) {
      throw new ConfigurationException(
          new Mistake("--excel-safe", "it is for --format csv alone", "add --format csv"));
    }
    return RowFormat.EXCEL_SAFE_CSV;
  }

  /** By JDBC, which takes no Spark. */
  private static int onWarehouse(
      Arguments arguments, String query, RowFormat format, int limit, Console console) {
    WarehouseChoice choice =
        WarehouseChoice.toCount(arguments, Lakehouse.absolute(arguments.text(CommandSpec.LAKE)))
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        new Mistake(
                            "--on warehouse",
                            "there is no warehouse yet",
                            "run medallion load first, or name one with --warehouse-file or"
                                + " --warehouse")));
    try (LoadedWarehouse warehouse = choice.read().orElseThrow()) {
      // One more than asked for, to find out whether there are more.
      QueryAnswer answer = warehouse.query(query, limit == Integer.MAX_VALUE ? limit : limit + 1);
      RowPrinter.print(answer.columns(), answer.rows(), format, limit, console);
      return ExitCode.DONE;
    }
  }
}
