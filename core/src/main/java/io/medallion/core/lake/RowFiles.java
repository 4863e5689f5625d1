package io.medallion.core.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.AddCDCFile;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.stats.DeltaJobStatisticsTracker;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.WriteTaskStatsTracker;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Writes rows into data files of a Delta table on the driver, by the writer and with the statistics
 * that Delta's own tasks use. A Spark job for some thousand rows takes longer to plan than to run.
 */
final class RowFiles {
  private static final String CHANGE_FOLDER = "_change_data";

  private final SparkSession spark;
  private final DeltaLog log;
  private final OptimisticTransaction transaction;
  private final StructType schema;

  /** Files for the table as a transaction sees it. */
  RowFiles(SparkSession spark, DeltaLog log, OptimisticTransaction transaction) {
    this.spark = spark;
    this.log = log;
    this.transaction = transaction;
    this.schema = transaction.metadata().schema();
  }

  /**
   * Writes one data file.
   *
   * @throws IllegalArgumentException where a row does not fit the table
   */
  AddFile data(List<Row> rows) {
    String stem = "part-00000-" + UUID.randomUUID() + "-c000";
    Statistics statistics = new Statistics(stem);
    Written file = write(stem, schema, rows, statistics);
    return new AddFile(
        file.name(),
        noPartition(),
        file.status().getLen(),
        file.status().getModificationTime(),
        true,
        statistics.json(file.name()),
        null,
        null,
        Option.empty(),
        Option.empty(),
        Option.empty());
  }

  /**
   * Writes one file of the change feed.
   *
   * @param rows of the table's columns and Delta's {@code _change_type}
   */
  AddCDCFile changes(List<Row> rows) {
    String stem = CHANGE_FOLDER + "/cdc-00000-" + UUID.randomUUID() + ".c000";
    Written file = write(stem, schema.add("_change_type", "string"), rows, null);
    return new AddCDCFile(file.name(), noPartition(), file.status().getLen(), null);
  }

  /** A file, by its name below the table's folder. */
  private record Written(String name, FileStatus status) {}

  private Written write(String stem, StructType columns, List<Row> rows, Statistics statistics) {
    StructType optional = columns.asNullable();
    Configuration hadoop = log.newDeltaHadoopConf();
    try {
      Job job = Job.getInstance(hadoop);
      job.setOutputKeyClass(Void.class);
      job.setOutputValueClass(InternalRow.class);
      OutputWriterFactory factory =
          log.fileFormat(transaction.protocol(), transaction.metadata())
              .prepareWrite(spark, job, noPartition(), optional);
      TaskAttemptContext context =
          new TaskAttemptContextImpl(
              job.getConfiguration(), new TaskAttemptID("medallion", 0, TaskType.MAP, 0, 0));
      String name = stem + factory.getFileExtension(context);
      Path path = new Path(log.dataPath(), name);
      OutputWriter writer = factory.newInstance(path.toString(), optional, context);
      try {
        Function1<Object, Object> convert =
            CatalystTypeConverters.createToCatalystConverter(optional);
        for (Row row : rows) {
          InternalRow internal = internal(convert, columns, row);
          writer.write(internal);
          if (statistics != null) {
            statistics.add(internal);
          }
        }
      } finally {
        writer.close();
      }
      return new Written(name, path.getFileSystem(hadoop).getFileStatus(path));
    } catch (IOException e) {
      throw new UncheckedIOException("rows of " + log.dataPath() + " cannot be written", e);
    }
  }

  private InternalRow internal(Function1<Object, Object> convert, StructType columns, Row row) {
    InternalRow internal = (InternalRow) convert.apply(row);
    for (int i = 0; i < columns.size(); i++) {
      StructField column = columns.apply(i);
      if (!column.nullable() && internal.isNullAt(i)) {
        throw new IllegalArgumentException(
            log.dataPath()
                + ": column "
                + column.name()
                + " is NOT NULL, and "
                + row.get(i)
                + " does not fit into "
                + column.dataType().simpleString());
      }
    }
    return internal;
  }

  /**
   * Checks that rows have the table's columns, and a value where it wants one.
   *
   * @throws IllegalArgumentException naming the first that has not
   */
  static void checkFit(String table, StructType columns, List<RowChange> changes) {
    for (RowChange change : changes) {
      change.given().ifPresent(row -> checkFit(table, columns, row));
      if (change instanceof RowChange.Updated updated) {
        checkWidth(table, columns, updated.before());
      } else if (change instanceof RowChange.Deleted deleted) {
        checkWidth(table, columns, deleted.before());
      }
    }
  }

  private static void checkFit(String table, StructType columns, Row row) {
    checkWidth(table, columns, row);
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.apply(i).nullable() && row.isNullAt(i)) {
        throw new IllegalArgumentException(
            "column "
                + columns.apply(i).name()
                + " of "
                + table
                + " is NOT NULL, but not in "
                + row);
      }
    }
  }

  private static void checkWidth(String table, StructType columns, Row row) {
    if (row.size() != columns.size()) {
      throw new IllegalArgumentException(
          table
              + " has "
              + columns.size()
              + " columns, but a row for it has "
              + row.size()
              + " values: "
              + row);
    }
  }

  private static <T> scala.collection.immutable.Map<String, T> noPartition() {
    return scala.collection.immutable.Map$.MODULE$.empty();
  }

  /** The statistics of one file, as Delta makes them; none where the session wants none. */
  private final class Statistics {
    private final String file;
    private final Option<DeltaJobStatisticsTracker> job;
    private final Option<WriteTaskStatsTracker> task;

    Statistics(String stem) {
      // The tracker names files by their path below the table's folder.
      this.file = new Path(log.dataPath(), stem).toString();
      Dataset<Row> none = spark.createDataFrame(List.of(), schema.asNullable());
      Seq<Attribute> columns = none.queryExecution().analyzed().output();
      this.job =
          transaction
              .getOptionalStatsTrackerAndStatsCollection(
                  columns, log.dataPath(), new StructType(), none)
              ._1();
      this.task = job.isDefined() ? Option.apply(job.get().newTaskInstance()) : Option.empty();
      if (task.isDefined()) {
        task.get().newFile(file);
      }
    }

    void add(InternalRow row) {
      if (task.isDefined()) {
        task.get().newRow(file, row);
      }
    }

    String json(String name) {
      if (job.isEmpty()) {
        return null;
      }
      task.get().closeFile(file);
      job.get()
          .processStats(
              JavaConverters.asScalaBuffer(List.of(task.get().getFinalStats(0))).toSeq(), 0);
      return JavaConverters.mapAsJavaMap(job.get().recordedStats()).values().stream()
          .findFirst()
          .orElse(null);
    }
  }
}
