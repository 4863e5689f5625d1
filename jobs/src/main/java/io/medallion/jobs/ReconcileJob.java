package io.medallion.jobs;

import static io.medallion.jobs.cli.Console.number;

import io.medallion.core.contract.Contract;
import io.medallion.jobs.cli.Arguments;
import io.medallion.jobs.cli.CommandSpec;
import io.medallion.jobs.cli.Console;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.inspect.Reconciliation;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import io.medallion.jobs.lakehouse.WarehouseChoice;
import io.medallion.warehouse.LoadedWarehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code medallion reconcile}: every record from its source file to the fact. */
public final class ReconcileJob extends Job {
  private static final OptionSpec TABLE =
      OptionSpec.optional("table", "NAME", "the silver table", "sales_orders");

  private static final OptionSpec SCAN =
      OptionSpec.toggle(
          "scan",
          "count the rows of every table anew, in place of trusting the ledger where the tables'"
              + " logs agree with it");

  public static void main(String[] line) {
    main(new ReconcileJob(), line);
  }

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
        "reconcile",
        "Show what became of every record, file by file up to the warehouse, and that it adds up.",
        List.of(
            TABLE, SCAN, WarehouseChoice.WAREHOUSE, WarehouseChoice.FILE, WarehouseChoice.CONFIG),
        List.of(
            "medallion reconcile --lake ./lake",
            "medallion reconcile --json",
            "medallion reconcile --scan",
            "medallion reconcile --warehouse snowflake --warehouse-config snowflake.yaml"));
  }

  @Override
  protected boolean onlyLooks(Arguments arguments) {
    return true;
  }

  @Override
  protected int run(Arguments arguments, Console console) {
    Optional<WarehouseChoice> choice =
        WarehouseChoice.toCount(arguments, arguments.text(CommandSpec.LAKE));
    ReadOnlyLakehouse lakehouse = ReadOnlyLakehouse.open(arguments);
    Contract contract = lakehouse.configuration().contracts().byTable(arguments.text(TABLE));
    Optional<LoadedWarehouse> warehouse = choice.flatMap(WarehouseChoice::read);
    try {
      Reconciliation reconciliation =
          arguments.on(SCAN)
              ? Reconciliation.scanned(lakehouse, contract, warehouse)
              : Reconciliation.of(lakehouse, contract, warehouse);
      if (arguments.on(CommandSpec.JSON)) {
        console.json(output(reconciliation));
      } else {
        print(reconciliation, console);
      }
      return reconciliation.balances() ? ExitCode.DONE : ExitCode.GATE_BREACHED;
    } finally {
      warehouse.ifPresent(LoadedWarehouse::close);
    }
  }

  private static void print(Reconciliation reconciliation, Console console) {
    List<String> header =
        new ArrayList<>(
            List.of(
                "file",
                "landed",
                "accepted",
                "duplicates",
                "superseded",
                "quarantined",
                "in silver"));
    boolean deletes = reconciliation.total().deletes() > 0;
    if (deletes) {
      header.add("deletes");
    }
    header.addAll(reconciliation.factTables());
    header.add("adds up");
    List<List<String>> rows = new ArrayList<>();
    reconciliation
        .linesByPartition()
        .forEach(line -> rows.add(cells(line, deletes, reconciliation.factTables())));
    rows.add(cells(reconciliation.total(), deletes, reconciliation.factTables()));
    console.table(header, rows);
    reconciliation
        .rejected()
        .forEach((source, reason) -> console.line("kept aside: " + source + ": " + reason));
    reconciliation.lost().forEach(range -> console.line("lost: " + range));
    if (reconciliation.pending() > 0) {
      console.notice(
          number(reconciliation.pending())
              + " landed records have not been through silver yet: run medallion silver");
    }
    reconciliation
        .behind()
        .forEach(
            star ->
                console.notice(
                    "the warehouse is not where star "
                        + star
                        + " is in gold, and is not counted: run medallion load --star "
                        + star));
    console.line(
        reconciliation.balances()
            ? "Balanced: every record is accounted for."
            : "NOT balanced: see the lines that do not add up.");
  }

  private static List<String> cells(
      Reconciliation.Line line, boolean deletes, List<String> factTables) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                line.file(),
                number(line.landed()),
                number(line.accepted()),
                number(line.duplicates()),
                number(line.superseded()),
                number(line.quarantined()),
                number(line.inSilver())));
    if (deletes) {
      cells.add(number(line.deletes()));
    }
    factTables.forEach(fact -> cells.add(number(line.facts().getOrDefault(fact, 0L))));
    cells.add(line.addsUp() ? "yes" : "NO");
    return cells;
  }

  /** What {@code --json} prints. */
  private record Output(
      boolean balances,
      Reconciliation.Line total,
      List<Reconciliation.Line> files,
      SortedMap<String, String> rejected,
      long pendingRecords,
      List<String> starsNotLoaded,
      List<String> lostOffsets) {}

  private static Output output(Reconciliation reconciliation) {
    return new Output(
        reconciliation.balances(),
        reconciliation.total(),
        reconciliation.lines(),
        new TreeMap<>(reconciliation.rejected()),
        reconciliation.pending(),
        reconciliation.behind(),
        reconciliation.lost());
  }
}
