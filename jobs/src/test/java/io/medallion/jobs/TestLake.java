package io.medallion.jobs;

import io.medallion.core.contract.Contracts;
import io.medallion.core.lake.Lake;
import io.medallion.gold.star.Stars;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** A lake of a test, on the shared session, under the shipped contracts and stars. */
record TestLake(Path root) {
  static final Path REPOSITORY = Path.of(System.getProperty("medallion.root", ".."));

  Lakehouse open(String runId) {
    Contracts contracts = Contracts.read(REPOSITORY.resolve("conf/contracts"));
    Stars stars = Stars.read(REPOSITORY.resolve("conf/stars"), contracts);
    return new Lakehouse(
        LocalSession.shared(),
        false,
        new Lake(root.toString()),
        new Configuration(contracts, stars),
        Clock.systemUTC(),
        runId);
  }

  /** Runs the main job; returns its standard output. */
  String run(String runId, Path... sources) {
    Lakehouse lakehouse = open(runId);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Report report =
        new Report(
            new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(OutputSink.NONE)));
    RunJob.run(
        lakehouse,
        "sales_orders",
        List.of(sources).stream().map(Path::toString).toList(),
        lakehouse.configuration().stars().fedBy("sales_orders"),
        report);
    return out.toString(StandardCharsets.UTF_8);
  }

  Reconciliation reconcile() {
    Lakehouse lakehouse = open("reconcile");
    return Reconciliation.of(
        lakehouse, lakehouse.configuration().contracts().byTable("sales_orders"));
  }

  /** The rows of a query as text, NULL as blank. */
  List<List<String>> query(String sql) {
    // The session is shared among lakes; their tables bear the same names.
    for (Lake.Layer layer : Lake.Layer.values()) {
      LocalSession.shared().sql("DROP DATABASE IF EXISTS " + layer.folder() + " CASCADE");
    }
    return new LakeCatalog(LocalSession.shared(), new Lake(root.toString()))
        .query(sql).collectAsList().stream().map(TestLake::texts).toList();
  }

  /** Columns of a table. */
  String[] columns(String table) {
    String[] parts = table.split("\\.");
    return new Lake(root.toString())
        .table(
            LocalSession.shared(),
            Lake.Layer.valueOf(parts[0].toUpperCase(java.util.Locale.ROOT)),
            parts[1])
        .schema()
        .fieldNames();
  }

  private static List<String> texts(Row row) {
    return java.util.stream.IntStream.range(0, row.size())
        .mapToObj(i -> RowPrinter.text(row.get(i)))
        .toList();
  }

  /** Version of every table. */
  TreeMap<String, Long> versions() {
    TreeMap<String, Long> versions = new TreeMap<>();
    Lake lake = new Lake(root.toString());
    LakeCatalog catalog = new LakeCatalog(LocalSession.shared(), lake);
    for (Lake.Layer layer : Lake.Layer.values()) {
      for (String name : catalog.names(layer)) {
        versions.put(
            layer.folder() + "." + name, lake.table(LocalSession.shared(), layer, name).version());
      }
    }
    return versions;
  }

  private static final class OutputSink extends java.io.OutputStream {
    static final OutputSink NONE = new OutputSink();

    @Override
    public void write(int b) {}
  }
}
