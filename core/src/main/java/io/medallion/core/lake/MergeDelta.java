package io.medallion.core.lake;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.raise_error;

import io.delta.exceptions.ConcurrentDeleteReadException;
import io.delta.tables.DeltaTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Changes rows by Delta's own MERGE, which finds them again by their key: for tables that have no
 * deletion vectors, and where a later version of Delta has other internals than {@link
 * PositionDelta} knows.
 */
public final class MergeDelta implements RowDelta {
  private static final String MOVED = "medallion: another commit has changed this row";
  private static final String TXN_APPLICATION = "spark.databricks.delta.write.txnAppId";
  private static final String TXN_VERSION = "spark.databricks.delta.write.txnVersion";
  private static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

  private final List<String> key;

  /**
   * A way for tables with a key.
   *
   * @param key columns that no two rows of the table have in common; none where rows are only
   *     inserted
   */
  public MergeDelta(List<String> key) {
    this.key = List.copyOf(key);
  }

  @Override
  public long commit(LakeTable table, List<RowChange> changes, Optional<CommitLabel> label) {
    if (changes.isEmpty() || label.filter(l -> committed(table, l)).isPresent()) {
      return -1;
    }
    RowFiles.checkFit(table.toString(), table.schema(), changes);
    long before = table.version();
    SparkSession session = table.spark().cloneSession();
    try {
      if (changes.stream().allMatch(RowChange.Inserted.class::isInstance)) {
        append(session, table, changes, label);
      } else {
        merge(session, table, changes, label);
      }
    } catch (DeltaConcurrentModificationException e) {
      if (label.filter(l -> committed(table, l)).isPresent()) {
        return -1;
      }
      throw e;
    } catch (Exception e) { // Spark's checked ones are declared nowhere
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (String.valueOf(cause.getMessage()).contains(MOVED)) {
          throw new ConcurrentDeleteReadException(
              "rows of " + table + " were changed or moved by another commit");
        }
      }
      throw e;
    }
    return label.map(l -> table.versionOf(l, before + 1)).orElseGet(table::version);
  }

  private static boolean committed(LakeTable table, CommitLabel label) {
    return table.lastTransaction(label.application()).orElse(-1) >= label.number();
  }

  private static void append(
      SparkSession session, LakeTable table, List<RowChange> changes, Optional<CommitLabel> label) {
    List<Row> rows = changes.stream().flatMap(change -> change.given().stream()).toList();
    DataFrameWriter<Row> writer =
        session
            .createDataFrame(rows, table.schema())
            .coalesce(1)
            .write()
            .format("delta")
            .mode("append");
    label.ifPresent(
        l -> {
          writer.option("txnAppId", l.application()).option("txnVersion", l.number());
          l.userMetadata().ifPresent(text -> writer.option("userMetadata", text));
        });
    writer.save(table.path());
  }

  private void merge(
      SparkSession session, LakeTable table, List<RowChange> changes, Optional<CommitLabel> label) {
    label.ifPresent(
        l -> {
          session.conf().set(TXN_APPLICATION, l.application());
          session.conf().set(TXN_VERSION, l.number());
          l.userMetadata().ifPresent(text -> session.conf().set(USER_METADATA, text));
        });
    StructType schema = table.schema();
    StructType optional = schema.asNullable();
    Dataset<Row> source =
        session
            .createDataFrame(
                changes.stream().map(MergeDelta::row).toList(),
                new StructType()
                    .add("kind", DataTypes.StringType, false)
                    .add("before", optional, true)
                    .add("after", optional, true))
            .coalesce(1);
    Column inserted = col("new.kind").equalTo("inserted");
    Column deleted = col("new.kind").equalTo("deleted");
    Map<String, Column> after = new HashMap<>();
    Map<String, Column> fail = new HashMap<>();
    for (StructField field : schema.fields()) {
      after.put(quoted(field.name()), col("new.after." + quoted(field.name())));
      fail.put(quoted(field.name()), raise_error(lit(MOVED)).cast(field.dataType()));
    }
    DeltaTable.forPath(session, table.path())
        .as("held")
        .merge(source.as("new"), not(inserted).and(same(key)))
        .whenMatched(not(same(comparable(schema))))
        .update(fail)
        .whenMatched(deleted)
        .delete()
        .whenMatched()
        .update(after)
        .whenNotMatched(inserted)
        .insert(after)
        .whenNotMatched()
        .insert(fail)
        .execute();
  }

  private static Row row(RowChange change) {
    if (change instanceof RowChange.Updated updated) {
      return RowFactory.create("updated", updated.before(), updated.after());
    }
    return change instanceof RowChange.Deleted deleted
        ? RowFactory.create("deleted", deleted.before(), null)
        : RowFactory.create("inserted", null, change.given().orElseThrow());
  }

  /** Whether the table's row has these values of the row before the change. */
  private static Column same(List<String> columns) {
    return columns.stream()
        .map(name -> col("held." + quoted(name)).eqNullSafe(col("new.before." + quoted(name))))
        .reduce(Column::and)
        .orElse(lit(true));
  }

  private static List<String> comparable(StructType schema) {
    return Arrays.stream(schema.fields())
        .filter(field -> !(field.dataType() instanceof MapType))
        .map(StructField::name)
        .toList();
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }
}
