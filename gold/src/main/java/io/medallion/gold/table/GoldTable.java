package io.medallion.gold.table;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import io.medallion.core.lake.LakeTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddCDCFile;
import org.apache.spark.sql.delta.actions.CommitInfo;
import org.apache.spark.sql.delta.actions.FileAction;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Creates, fills and reads Delta tables of gold. */
public final class GoldTable {
  private static final Map<String, String> PROPERTIES =
      Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true");

  /** In memory a table is several times what it is in files. */
  private static final long SMALL_BYTES = 32L << 20;

  /** Some 100,000 rows. */
  private static final long FEW_CHANGES_BYTES = 8L << 20;

  private GoldTable() {}

  /**
   * Replaces whatever the table holds, and its columns where they are others.
   *
   * @return the rows written
   */
  public static TableChange overwrite(LakeTable table, StructType schema, Dataset<Row> rows) {
    if (!table.exists()) {
      create(table, schema);
    } else if (!layout(table.schema()).equals(layout(schema))) {
      replace(table, schema);
    }
    save(table, schema, rows, "overwrite");
    long version = table.version();
    return new TableChange(table.name(), table.rowCount(version), 0, 0, version);
  }

  /** Makes a table, without rows, unless it exists. */
  public static void create(LakeTable table, StructType schema) {
    table.createIfAbsent(schema, PROPERTIES);
  }

  public static void append(LakeTable table, StructType schema, Dataset<Row> rows) {
    save(table, schema, rows, "append");
  }

  private static void save(LakeTable table, StructType schema, Dataset<Row> rows, String mode) {
    Column[] columns =
        Arrays.stream(schema.fields())
            .map(field -> col(field.name()).cast(field.dataType()))
            .toArray(Column[]::new);
    rows.select(columns).write().format("delta").mode(mode).save(table.path());
  }

  /**
   * The metrics of the commit of a version; of the one before, where that commit only merged small
   * files, which Delta may do after any commit.
   *
   * @return Delta's operation metrics
   */
  public static Map<String, String> metrics(LakeTable table, long version) {
    Iterator<Tuple2<Object, Seq<Action>>> commits =
        JavaConverters.asJavaIterator(
            DeltaLog.forTable(table.spark(), table.path()).getChanges(version, false));
    for (Action action : JavaConverters.seqAsJavaList(commits.next()._2())) {
      if (action instanceof CommitInfo commit && commit.operation().equals("OPTIMIZE")) {
        return metrics(table, version - 1);
      }
      if (action instanceof CommitInfo commit && commit.operationMetrics().isDefined()) {
        return JavaConverters.mapAsJavaMap(commit.operationMetrics().get());
      }
    }
    throw new IllegalStateException(
        "version " + version + " of " + table.qualifiedName() + " has no operation metrics");
  }

  /** Whether the table's rows are few enough to be cached in memory and broadcast. */
  static boolean isSmall(LakeTable table) {
    return table.size().bytes() <= SMALL_BYTES;
  }

  /** {@code rows}, of that table, to be broadcast in a join where they are few. */
  public static Dataset<Row> broadcastIfSmall(LakeTable table, Dataset<Row> rows) {
    return isSmall(table) ? broadcast(rows) : rows;
  }

  /**
   * The row changes of a span of versions, both included; in one partition where they are few, so
   * that no query over them shuffles.
   */
  public static Dataset<Row> changes(LakeTable table, long fromVersion, long toVersion) {
    Dataset<Row> changes = table.changes(fromVersion, toVersion);
    return changedBytes(table, fromVersion, toVersion) <= FEW_CHANGES_BYTES
        ? changes.coalesce(1)
        : changes;
  }

  private static long changedBytes(LakeTable table, long fromVersion, long toVersion) {
    Iterator<Tuple2<Object, Seq<Action>>> commits =
        JavaConverters.asJavaIterator(
            DeltaLog.forTable(table.spark(), table.path()).getChanges(fromVersion, false));
    long bytes = 0;
    while (commits.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = commits.next();
      if ((Long) commit._1() > toVersion) {
        break;
      }
      long images = 0;
      long files = 0;
      for (Action action : JavaConverters.seqAsJavaList(commit._2())) {
        if (action instanceof AddCDCFile image) {
          images += image.size();
        } else if (action instanceof FileAction file && file.dataChange()) {
          files += file.getFileSize();
        }
      }
      bytes += images > 0 ? images : files;
    }
    return bytes;
  }

  /**
   * A table of rows in the driver's memory, in one partition.
   *
   * <p>It is made from an RDD, since Spark compares and hashes the rows of a local relation again
   * and again while it plans.
   */
  public static Dataset<Row> local(SparkSession spark, List<Row> rows, StructType schema) {
    return spark.createDataFrame(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, 1), schema);
  }

  public static StructField field(String name, DataType type, boolean nullable, String comment) {
    return new StructField(name, type, nullable, org.apache.spark.sql.types.Metadata.empty())
        .withComment(comment);
  }

  /**
   * Empties the table and gives it other columns, in one commit.
   *
   * <p>Delta's own REPLACE takes no table by its path, and overwriting with another schema forgets
   * which columns are NOT NULL.
   */
  private static void replace(LakeTable table, StructType schema) {
    DeltaLog log = DeltaLog.forTable(table.spark(), table.path());
    OptimisticTransaction transaction = log.startTransaction();
    Metadata old = transaction.metadata();
    transaction.updateMetadataForTableOverwrite(
        old.copy(
            old.id(),
            old.name(),
            old.description(),
            old.format(),
            schema.json(),
            old.partitionColumns(),
            old.configuration(),
            old.createdTime()));
    List<Action> removed = new ArrayList<>();
    transaction.filterFiles().foreach(file -> removed.add(file.remove()));
    transaction.commit(
        JavaConverters.asScalaBuffer(removed).toSeq(), DeltaOperations.ManualUpdate$.MODULE$);
  }

  private static List<String> layout(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(
            field ->
                String.join(
                    "\t",
                    field.name(),
                    field.dataType().sql(),
                    String.valueOf(field.nullable()),
                    field.getComment().getOrElse(() -> "")))
        .toList();
  }
}
