package io.medallion.demo;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Contract;
import io.medallion.demo.orders.GenerationSummary;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderGenerator;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.cli.Report;
import io.medallion.jobs.cli.RowFormat;
import io.medallion.jobs.cli.RowPrinter;
import io.medallion.jobs.cli.TopicOptions;
import io.medallion.jobs.config.Installation;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.WarehouseKind;
import io.medallion.jobs.inspect.LakeCatalog;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import io.medallion.jobs.pipeline.FilePipeline;
import io.medallion.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.FileUtils;

/** {@code medallion demo}: the main job on generated orders, in a folder of its own. */
public final class DemoJob extends Job {
  private static final OptionSpec DIR =
      OptionSpec.optional("dir", "DIR", "folder that the demo makes anew", "./medallion-demo");
  private static final OptionSpec ORDERS =
      OptionSpec.optional("orders", "N", "how many orders to generate", "1000");

  private static final OptionSpec STREAMING =
      OptionSpec.toggle(
          "streaming", "send events to a broker of its own, and stream them through all layers");
  private static final OptionSpec EVENTS =
      OptionSpec.optional("events", "N", "how many events --streaming sends", "5000");
  private static final OptionSpec RATE =
      OptionSpec.optional("rate", "N", "events per second of --streaming", "250");
  private static final OptionSpec FOR =
      OptionSpec.optional("for", "DURATION", "end --streaming after that time at the latest", "5m");

  /** Marks a folder that the demo created and may remove. */
  private static final String MARKER = ".medallion-demo";

  public static void main(String[] line) {
    main(new DemoJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "demo",
        "Generate order files with faults, run all layers on them twice, and show what came out.",
        List.of(
            DIR,
            ORDERS,
            WarehouseChoice.WAREHOUSE,
            WarehouseChoice.FILE,
            WarehouseChoice.CONFIG,
            STREAMING,
            EVENTS,
            RATE,
            FOR),
        List.of(
            "medallion demo",
            "medallion demo --orders 20000 --dir /tmp/demo",
            "medallion demo --streaming --events 10000 --rate 500"));
  }

  @Override
  protected int run(Arguments arguments, Console console) throws Exception {
    Path dir = Path.of(arguments.text(DIR)).toAbsolutePath().normalize();
    if (arguments.on(STREAMING)) {
      StreamingDemo.Size size = size(arguments);
      begin(dir);
      return new StreamingDemo(dir, size, console).run(arguments);
    }
    // Options only: the warehouse of an installation is no place for generated orders.
    Arguments options = arguments.within(Installation.DEFAULTS);
    if (!wantsStandIn(options)) {
      return run(
          arguments,
          console,
          dir,
          WarehouseChoice.optional(options, dir.resolve("lake").toString()),
          Optional.empty());
    }
    try (DemoSnowflake snowflake = DemoSnowflake.start()) {
      return run(
          arguments,
          console,
          dir,
          WarehouseChoice.snowflake(snowflake.settings()),
          Optional.of(snowflake));
    }
  }

  /** Nobody has to have an account to see a load. */
  private static boolean wantsStandIn(Arguments arguments) {
    return arguments
            .maybe(WarehouseChoice.WAREHOUSE)
            .equals(Optional.of(WarehouseKind.SNOWFLAKE.option()))
        && arguments.maybe(WarehouseChoice.CONFIG).isEmpty()
        && arguments.maybe(WarehouseChoice.FILE).isEmpty();
  }

  private static int run(
      Arguments arguments,
      Console console,
      Path dir,
      WarehouseChoice choice,
      Optional<DemoSnowflake> snowflake)
      throws IOException {
    GenerationSummary generated = generate(dir, Long.parseLong(arguments.text(ORDERS)), console);
    Path lake = dir.resolve("lake");
    try (Lakehouse lakehouse = Lakehouse.open(arguments, lake.toString())) {
      Report report = new Report(console);
      snowflake.ifPresent(standIn -> standIn.introduce(console));
      Optional<Warehouse> warehouse = choice.open(lakehouse);
      try {
        report.expectRefusals();
        console.progress(
            "demo", "first run: " + generated.orders().size() + " files, and some that are none");
        land(
            lakehouse,
            warehouse,
            report,
            List.of(dir.resolve("data/orders"), dir.resolve("data/rejected-samples")));
        console.progress("demo", "second run: a late file with new, changed and old lines");
        land(lakehouse, warehouse, report, List.of(dir.resolve("data/increment")));
      } finally {
        warehouse.ifPresent(Warehouse::close);
      }
      int exitCode = report.end(arguments, lakehouse.runId());
      if (!arguments.on(CommandSpec.JSON)) {
        show(lakehouse, console, dir, choice.file());
        snowflake.ifPresent(standIn -> standIn.show(console));
      }
      return exitCode;
    }
  }

  private static StreamingDemo.Size size(Arguments arguments) {
    try {
      return new StreamingDemo.Size(
          Long.parseLong(arguments.text(EVENTS)),
          Double.parseDouble(arguments.text(RATE)),
          TopicOptions.duration(arguments, FOR, "such as 5m"));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          new Mistake(
              "--events " + arguments.text(EVENTS) + " --rate " + arguments.text(RATE),
              "they must be numbers above 0",
              "such as --events 5000 --rate 250"));
    }
  }

  private static void begin(Path dir) throws IOException {
    if (Files.exists(dir) && !Files.exists(dir.resolve(MARKER))) {
      throw new LakeException(
          dir + " exists and is not a demo's folder", "choose another with --dir, or remove it");
    }
    FileUtils.deleteDirectory(dir.toFile());
    Files.createDirectories(dir);
    Files.writeString(
        dir.resolve(MARKER), "Made by medallion demo, and made anew by the next one.\n");
  }

  private static GenerationSummary generate(Path dir, long orders, Console console)
      throws IOException {
    begin(dir);
    console.progress(
        "demo", "generating " + orders + " orders with faults in " + dir.resolve("data"));
    return OrderGenerator.generate(
        GeneratorOptions.of(orders, dir.resolve("data")).withIncrementPercent(5));
  }

  private static void land(
      Lakehouse lakehouse, Optional<Warehouse> warehouse, Report report, List<Path> sources) {
    Contract contract = lakehouse.configuration().contractOfFeed("sales_orders");
    FilePipeline.run(
        lakehouse,
        "sales_orders",
        sources.stream().map(Path::toString).toList(),
        lakehouse.configuration().stars().fedBy(contract.table()),
        warehouse,
        report);
  }

  static void show(Lakehouse lakehouse, Console console, Path dir, Optional<Path> warehouse) {
    console.line("");
    console.line(
        "Sales by year and category (gold.fact_sales ⋈ gold.dim_product ⋈ gold.dim_date):");
    LakeCatalog catalog = new LakeCatalog(lakehouse.spark(), lakehouse.lake());
    RowPrinter.print(
        catalog.query(
            "SELECT d.year, p.category, count(*) AS order_lines, sum(f.sales) AS sales,"
                + " sum(f.profit) AS profit"
                + " FROM gold.fact_sales f"
                + " JOIN gold.dim_product p ON p.product_key = f.product_key"
                + " JOIN gold.dim_date d ON d.date_key = f.order_date_key"
                + " GROUP BY d.year, p.category ORDER BY d.year, p.category"),
        RowFormat.TABLE,
        20,
        console);
    String lake = " --lake " + dir.resolve("lake");
    console.line("");
    console.line("The lake is in " + dir.resolve("lake") + ". Look further:");
    console.line("  ./medallion reconcile" + lake);
    console.line("  ./medallion quarantine list" + lake);
    console.line("  ./medallion sql \"SELECT * FROM gold.dim_customer LIMIT 10\"" + lake);
    console.line(
        "  ./medallion sql \"SELECT job, batch_id, records, accepted, duration_ms FROM ops.runs\""
            + lake);
    warehouse.ifPresent(
        file -> {
          console.line("");
          console.line("The star is a DuckDB file too, for every tool that opens one: " + file);
          console.line(
              "  duckdb -readonly "
                  + file
                  + " \"SELECT * FROM v_top_customers WHERE sales_rank <= 10\"");
        });
  }
}
