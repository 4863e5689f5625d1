package io.medallion.gold.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.medallion.core.contract.Severity;
import io.medallion.core.lake.ColumnBounds;
import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.core.spark.SparkRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The table {@code ops.check_results}: what the checks of every build of every star found. */
public final class CheckResults {
  /** A column that tables of earlier versions lack. */
  private static final String EXTREME = "extreme";

  /** Where the column {@code position} is. */
  private static final int POSITION = 3;

  /** Columns of {@code ops.check_results}. */
  private static final StructType SCHEMA =
      new StructType()
          .add("run_id", StringType, false)
          .add("star", StringType, false)
          .add("batch_id", LongType, false)
          .add("position", LongType, false)
          .add("check", StringType, false)
          .add("kind", StringType, false)
          .add("table", StringType, false)
          .add("severity", StringType, false)
          .add("violations", LongType, false)
          .add("passed", BooleanType, false)
          .add("scope", StringType, false)
          .add("sample", StringType, true)
          .add("checked_at", TimestampType, false)
          .add(EXTREME, StringType, true);

  private final LakeTable table;

  public CheckResults(SparkSession spark, Lake lake) {
    this.table = lake.table(spark, Lake.Layer.OPS, "check_results");
  }

  /** The results of a star's last build, in the star's order; empty where there is none. */
  public List<CheckResult> latest(String star) {
    if (!table.exists()) {
      return List.of();
    }
    OptionalLong last = table.lastTransaction(application(star));
    if (last.isEmpty()) {
      return List.of();
    }
    ColumnBounds build = new ColumnBounds("batch_id", last.getAsLong(), last.getAsLong());
    return table
        .rowsWithin(build)
        .where(col("star").equalTo(star).and(col("batch_id").equalTo(last.getAsLong())))
        .collectAsList()
        .stream()
        .sorted(Comparator.comparingLong(row -> row.getAs("position")))
        .map(row -> result(new SparkRow(row)))
        .toList();
  }

  /** As {@link #latest(String)}, read without Spark. */
  public static List<CheckResult> latest(LakeReader lake, String star) {
    Optional<TableSnapshot> results = lake.table(Lake.Layer.OPS, "check_results").latest();
    OptionalLong last =
        results.map(table -> table.lastTransaction(application(star))).orElse(OptionalLong.empty());
    if (last.isEmpty()) {
      return List.of();
    }
    List<LakeRow> rows =
        new ArrayList<>(
            results
                .get()
                .collect(
                    results.get().columns(),
                    Bounds.where("star", star).and("batch_id", last.getAsLong()),
                    LakeRow::copy));
    rows.sort(Comparator.comparingLong(row -> row.number("position")));
    return rows.stream().map(CheckResults::result).toList();
  }

  /** Appends a build's results, or puts them in place of those that it had when it was cut off. */
  public void append(
      String runId, String star, long build, List<CheckResult> results, Instant checkedAt) {
    List<Row> rows = new ArrayList<>();
    for (CheckResult result : results) {
      rows.add(
          RowFactory.create(
              runId,
              star,
              build,
              (long) rows.size(),
              result.check(),
              result.kind(),
              result.table(),
              result.severity().name().toLowerCase(Locale.ROOT),
              result.violations(),
              result.passed(),
              result.scope().name().toLowerCase(Locale.ROOT),
              result.sample().orElse(null),
              checkedAt,
              result.extreme().orElse(null)));
    }
    if (table.lastTransaction(application(star)).orElse(-1) >= build) {
      replace(star, build, rows);
      return;
    }
    if (Arrays.asList(table.schema().fieldNames()).contains(EXTREME)) {
      table.append(rows, Optional.of(CommitLabel.of(application(star), build)));
      return;
    }
    table
        .spark()
        .createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .option("txnAppId", application(star))
        .option("txnVersion", build)
        .option("mergeSchema", "true")
        .save(table.path());
  }

  /**
   * Puts the results of a build in place of those that it had before it was cut off: silver may
   * have changed since, and the verdict with it.
   */
  private void replace(String star, long build, List<Row> rows) {
    String ofBuild = "star = '" + star + "' AND batch_id = " + build;
    List<String> before = verdicts(table.read().where(ofBuild).collectAsList());
    if (before.equals(verdicts(rows))) {
      return;
    }
    table
        .spark()
        .createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("mergeSchema", "true")
        .option("replaceWhere", ofBuild)
        .save(table.path());
  }

  /** What a build's results say, without the run and the time that they are of. */
  private static List<String> verdicts(List<Row> rows) {
    return rows.stream()
        .sorted(Comparator.comparingLong(row -> row.getLong(POSITION)))
        .map(
            row -> {
              List<Object> said = new java.util.ArrayList<>();
              for (int i = POSITION; i < SCHEMA.length(); i++) {
                if (!SCHEMA.fieldNames()[i].equals("checked_at")) {
                  said.add(i < row.size() ? row.get(i) : null);
                }
              }
              return said.toString();
            })
        .toList();
  }

  private static String application(String star) {
    return "medallion/checks/" + star;
  }

  private static CheckResult result(LakeRow row) {
    return new CheckResult(
        row.text("check"),
        row.text("kind"),
        row.text("table"),
        Severity.valueOf(row.text("severity").toUpperCase(Locale.ROOT)),
        row.number("violations"),
        CheckResult.Scope.valueOf(row.text("scope").toUpperCase(Locale.ROOT)),
        // Tables of earlier versions do not have the column.
        row.maybeText(EXTREME),
        row.maybeText("sample"));
  }
}
