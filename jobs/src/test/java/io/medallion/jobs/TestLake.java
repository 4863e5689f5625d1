package io.medallion.jobs;

import io.medallion.core.contract.Contracts;
import io.medallion.core.lake.Lake;
import io.medallion.core.s3.S3Settings;
import io.medallion.gold.star.Stars;
import io.medallion.gold.warehouse.StarViews;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** A lake of a test, on the shared session, under the shipped contracts and stars. */
record TestLake(String location) {
  static final Path REPOSITORY = Path.of(System.getProperty("medallion.root", ".."));

  TestLake(Path root) {
    this(root.toString());
  }

  /** Of a lake in the local file system. */
  Path root() {
    return Path.of(location);
  }

  Lakehouse open(String runId) {
    S3Settings.prepare(LocalSession.shared(), location);
    Contracts contracts = Contracts.read(REPOSITORY.resolve("conf/contracts"));
    Stars stars = Stars.read(REPOSITORY.resolve("conf/stars"), contracts);
    return new Lakehouse(
        LocalSession.shared(),
        false,
        new Lake(location),
        new Configuration(
            contracts, stars, StarViews.read(REPOSITORY.resolve("conf/views"), stars)),
        Clock.systemUTC(),
        runId);
  }

  /** Runs the main job; returns its standard output. */
  String run(String runId, Path... sources) {
    return run(runId, List.of(sources).stream().map(Path::toString).toList());
  }

  /** Runs the main job on files, directories and globs. */
  String run(String runId, List<String> sources) {
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
        sources,
        lakehouse.configuration().stars().fedBy("sales_orders"),
        Optional.empty(),
        report);
    return out.toString(StandardCharsets.UTF_8);
  }

  Reconciliation reconcile() {
    Lakehouse lakehouse = open("reconcile");
    return Reconciliation.of(
        lakehouse, lakehouse.configuration().contracts().byTable("sales_orders"), Optional.empty());
  }

  /** The rows of a query as text, NULL as blank. */
  List<List<String>> query(String sql) {
    // The session is shared among lakes; their tables bear the same names.
    for (Lake.Layer layer : Lake.Layer.values()) {
      LocalSession.shared().sql("DROP DATABASE IF EXISTS " + layer.folder() + " CASCADE");
    }
    return new LakeCatalog(LocalSession.shared(), new Lake(location))
        .query(sql).collectAsList().stream().map(TestLake::texts).toList();
  }

  private static List<String> texts(Row row) {
    return java.util.stream.IntStream.range(0, row.size())
        .mapToObj(i -> RowPrinter.text(row.get(i)))
        .toList();
  }

  /** Version of every table. */
  TreeMap<String, Long> versions() {
    TreeMap<String, Long> versions = new TreeMap<>();
    Lake lake = new Lake(location);
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
