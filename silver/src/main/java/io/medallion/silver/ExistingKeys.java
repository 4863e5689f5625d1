package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rows of silver, or its recorded deletes, of business keys. */
final class ExistingKeys {
  private static final String IS_ROW = "_is_row";

  private final Contract contract;
  private final SilverTable table;
  private final DeletesTable deletes;

  ExistingKeys(Contract contract, SilverTable table, DeletesTable deletes) {
    this.contract = contract;
    this.table = table;
    this.deletes = deletes;
  }

  static ExistingKeys of(SparkSession spark, Lake lake, Ledger ledger, Contract contract) {
    return new ExistingKeys(
        contract,
        new SilverTable(spark, lake, contract),
        new DeletesTable(spark, lake, ledger, contract));
  }

  /**
   * The row or delete of each of {@code keys}, where there is one.
   *
   * @param gathered what is done to rows before they are grouped
   * @return what an outcome depends on
   */
  Dataset<Row> matching(Dataset<Row> keys, UnaryOperator<Dataset<Row>> gathered) {
    Dataset<Row> rows = narrow(table.matching(keys));
    if (!deletes.exists()) {
      return gathered.apply(rows);
    }
    // Where there is a row, it came later than every delete of its key.
    Dataset<Row> latest = deletes.latest(gathered.apply(deletes.matching(keys)));
    Dataset<Row> both =
        gathered.apply(
            rows.withColumn(IS_ROW, lit(1))
                .unionByName(narrow(withSequence(latest)).withColumn(IS_ROW, lit(0))));
    Column[] key = contract.businessKey().stream().map(c -> col(c)).toArray(Column[]::new);
    return both.groupBy(key)
        .agg(max_by(struct(DedupResolver.narrow(contract)), col(IS_ROW)).as("held"))
        .select("held.*");
  }

  private Dataset<Row> narrow(Dataset<Row> rows) {
    Column[] key = contract.businessKey().stream().map(c -> col(c)).toArray(Column[]::new);
    return rows.withColumn("_key_hash", xxhash64(key)).select(DedupResolver.narrow(contract));
  }

  /** A sequence column that the contract got since deletes were last recorded is absent in them. */
  private Dataset<Row> withSequence(Dataset<Row> remembered) {
    List<Column> columns = new ArrayList<>(List.of(col("*")));
    for (String column : contract.sequence()) {
      if (!Arrays.asList(remembered.columns()).contains(column)) {
        columns.add(lit(null).cast(contract.column(column).type().sparkType()).as(column));
      }
    }
    return remembered.select(columns.toArray(Column[]::new));
  }
}
