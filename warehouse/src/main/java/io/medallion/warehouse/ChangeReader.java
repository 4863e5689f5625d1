package io.medallion.warehouse;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.lake.CommitSpan;
import io.medallion.core.rows.CollectedRows;
import io.medallion.core.rows.DriverRows;
import io.medallion.core.rows.RowImage;
import io.medallion.core.spark.InterpretedPlans;
import io.medallion.warehouse.layout.TargetTable;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Reads what changed in gold's tables: nothing of tables whose log names no change of rows or whose
 * changes are known, few rows of all others into the driver's memory by one job, and many table by
 * table as plans.
 */
final class ChangeReader {
  /** An update has two rows in the change feed. */
  private static final int IMAGES = 2;

  private final SparkSession spark;
  private final GoldState gold;
  private final KnownChanges known;
  private final int most;

  /**
   * @param known what need not be read
   */
  ChangeReader(SparkSession spark, GoldState gold, KnownChanges known) {
    this.spark = spark;
    this.gold = gold;
    this.known = known;
    this.most = DriverRows.most(spark);
  }

  /** A table and the version of it that the warehouse has. */
  record Loaded(TargetTable table, long version) {}

  /**
   * Reads the net changes of tables up to gold's last finished build.
   *
   * @return by the table's name; without those whose changes are no longer there
   */
  Map<String, NetChange> changes(List<Loaded> tables) {
    Map<String, NetChange> changes = new HashMap<>();
    List<Loaded> unread = new ArrayList<>();
    long feedRows = 0;
    for (Loaded loaded : tables) {
      CommitSpan commits = gold.table(loaded.table().name()).commitsAfter(loaded.version());
      Optional<List<RowImage>> images =
          commits.isWhole() && !commits.changesRows() ? Optional.of(List.of()) : known(loaded);
      if (images.isPresent()) {
        changes.put(loaded.table().name(), ImageFold.of(loaded.table(), images.get()));
      } else if (commits.isWhole()) {
        unread.add(loaded);
        feedRows += commits.feedRows();
      }
    }
    boolean few = feedRows <= (long) IMAGES * most;
    Optional<Map<String, NetChange>> collected = few ? collect(unread) : Optional.empty();
    changes.putAll(collected.isPresent() ? collected.get() : plan(unread));
    return changes;
  }

  private Optional<List<RowImage>> known(Loaded loaded) {
    String table = loaded.table().name();
    return known.between(table, loaded.version(), gold.table(table).version());
  }

  /** Absent where there are too many rows, or some are no longer there: the plans tell of which. */
  private Optional<Map<String, NetChange>> collect(List<Loaded> tables) {
    if (tables.isEmpty()) {
      return Optional.of(Map.of());
    }
    Map<String, NetChange> changes = new HashMap<>();
    try (InterpretedPlans plans = InterpretedPlans.of(spark, true)) {
      List<Dataset<Row>> feeds = tables.stream().map(this::images).toList();
      Optional<List<List<InternalRow>>> rows = CollectedRows.upTo(IMAGES * most, feeds);
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      for (int i = 0; i < tables.size(); i++) {
        TargetTable table = tables.get(i).table();
        int columns = table.columns().size();
        List<RowImage> images =
            rows.get().get(i).stream()
                .map(
                    row ->
                        new RowImage(
                            row, row.getBoolean(columns) ? 1 : -1, row.getLong(columns + 1)))
                .toList();
        changes.put(table.name(), ImageFold.of(table, images));
      }
    } catch (Exception e) {
      if (feedIsGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
    long count = changes.values().stream().mapToLong(NetChange::count).sum();
    return count > most ? Optional.empty() : Optional.of(changes);
  }

  /** The table's columns, whether the row came, and in which version. */
  private Dataset<Row> images(Loaded loaded) {
    List<Column> columns = new ArrayList<>();
    loaded.table().columnNames().forEach(name -> columns.add(col("`" + name + "`")));
    columns.add(col(NetChange.CHANGE_TYPE).isin(NetChange.CAME.toArray()).as("_came"));
    columns.add(col(NetChange.VERSION));
    return feed(loaded).select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> feed(Loaded loaded) {
    return gold.table(loaded.table().name()).changesAfter(loaded.version());
  }

  private Map<String, NetChange> plan(List<Loaded> tables) {
    Map<String, NetChange> changes = new HashMap<>();
    try {
      for (Loaded loaded : tables) {
        plan(loaded).ifPresent(change -> changes.put(loaded.table().name(), change));
      }
      return changes;
    } catch (RuntimeException e) {
      changes.values().forEach(NetChange::close);
      throw e;
    }
  }

  private Optional<NetChange> plan(Loaded loaded) {
    long rows = gold.table(loaded.table().name()).commitsAfter(loaded.version()).feedRows();
    try (InterpretedPlans plans = InterpretedPlans.of(spark, InterpretedPlans.few(spark, rows))) {
      return Optional.of(NetChange.of(loaded.table(), feed(loaded)));
    } catch (Exception e) {
      if (feedIsGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Delta and Spark throw checked exceptions that they do not declare. */
  private static boolean feedIsGone(Exception e) {
    return ExceptionUtils.indexOfType(e, FileNotFoundException.class) >= 0;
  }
}
