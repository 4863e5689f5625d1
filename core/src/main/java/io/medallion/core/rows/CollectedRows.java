package io.medallion.core.rows;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import scala.Option;

/** Brings rows of several tables into the driver's memory by one job. */
public final class CollectedRows {
  private static final String PART = "_part";

  private CollectedRows() {}

  /**
   * Runs all parts as one query.
   *
   * @param most rows of a partition of the query, beyond which it is given up
   * @return the rows of each part, in Spark's internal form, with the part's columns; absent where
   *     there are more
   */
  public static Optional<List<List<InternalRow>>> upTo(int most, List<Dataset<Row>> parts) {
    List<List<InternalRow>> rows = new ArrayList<>();
    parts.forEach(part -> rows.add(new ArrayList<>()));
    if (parts.isEmpty()) {
      return Optional.of(rows);
    }
    Dataset<Row> all = parts.get(0);
    if (parts.size() > 1) {
      all = tagged(parts, 0);
      for (int i = 1; i < parts.size(); i++) {
        all = all.union(tagged(parts, i));
      }
    }
    List<InternalRow> collected = run(all, most);
    if (collected.size() > most) {
      return Optional.empty();
    }
    if (parts.size() == 1) {
      rows.get(0).addAll(collected);
    } else {
      for (InternalRow row : collected) {
        int part = row.getInt(0);
        rows.get(part).add(row.getStruct(part + 1, parts.get(part).columns().length));
      }
    }
    return Optional.of(rows);
  }

  /** The rows of a part as a struct beside the structs of the others, which are NULL. */
  private static Dataset<Row> tagged(List<Dataset<Row>> parts, int part) {
    List<Column> columns = new ArrayList<>();
    columns.add(lit(part).as(PART));
    for (int i = 0; i < parts.size(); i++) {
      Column value =
          i == part
              ? struct(
                  Arrays.stream(parts.get(i).columns())
                      .map(name -> col("`" + name + "`"))
                      .toArray(Column[]::new))
              : lit(null).cast(parts.get(i).schema().asNullable());
      columns.add(value.as(PART + i));
    }
    return parts.get(part).select(columns.toArray(Column[]::new));
  }

  /** No partition gives more rows than one over the limit, however many there are. */
  private static List<InternalRow> run(Dataset<Row> rows, int most) {
    QueryExecution query = rows.queryExecution();
    return SQLExecution.withNewExecutionId(
        query,
        Option.apply("collect"),
        () ->
            query
                .toRdd()
                .toJavaRDD()
                .mapPartitions(partition -> firstOf(partition, most + 1))
                .collect());
  }

  private static Iterator<InternalRow> firstOf(Iterator<InternalRow> rows, int most) {
    List<InternalRow> first = new ArrayList<>();
    while (rows.hasNext() && first.size() < most) {
      first.add(rows.next().copy());
    }
    return first.iterator();
  }
}
