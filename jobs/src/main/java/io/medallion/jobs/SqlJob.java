package io.medallion.jobs;

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
import java.util.List;
import java.util.Optional;

/** {@code medallion sql}: a query over the lake's tables. */
public final class SqlJob extends Job {
  private static final OptionSpec FORMAT =
      OptionSpec.optional("format", "table|csv|json", "how rows are printed", "table");
  private static final OptionSpec LIMIT =
      OptionSpec.optional("limit", "N", "print at most so many rows; 0 for all", "1000");

  public static void main(String[] line) {
    main(new SqlJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "sql",
        "Query bronze.*, silver.*, gold.* and ops.* with Spark SQL, past versions included.",
        Optional.of("QUERY"),
        List.of(FORMAT, LIMIT),
        List.of(
            "medallion sql \"SELECT year, sum(sales) FROM gold.fact_sales f JOIN gold.dim_date d"
                + " ON d.date_key = f.order_date_key GROUP BY year ORDER BY year\"",
            "medallion sql \"SELECT count(*) FROM gold.fact_sales VERSION AS OF 1\" --format json",
            "medallion sql \"SHOW TABLES IN gold\""));
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    RowFormat format = RowFormat.of(arguments.text(FORMAT));
    int limit = Limits.rows(arguments.text(LIMIT));
    try (Lakehouse lakehouse = Lakehouse.open(arguments)) {
      LakeCatalog catalog = new LakeCatalog(lakehouse.spark(), lakehouse.lake());
      RowPrinter.print(catalog.query(arguments.operand().orElseThrow()), format, limit, console);
      return ExitCode.DONE;
    }
  }
}
