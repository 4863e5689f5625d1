package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.dense_rank;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.medallion.core.contract.Contract;
import io.medallion.silver.parse.SilverColumns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.StructType;

/**
 * Decides between records of one business key.
 *
 * <p>The rule, as if records came one at a time in landing order: a record equal to the row that
 * silver holds is a duplicate; one that the contract's sequence columns place later, or landing
 * order where these are equal, takes the row's place; any other is superseded. So the outcome does
 * not depend on how records are split into batches, and where sequence columns decide, not on
 * arrival at all.
 */
final class DedupResolver {
  /** {@code outcome} of a record of the batch that is equal to the row that silver holds. */
  static final String DUPLICATE = "duplicate";

  /** {@code outcome} of a record of the batch for whose key silver has a later one. */
  static final String SUPERSEDED = "superseded";

  /** {@code outcome} of a row of silver whose place a record of the batch takes. */
  static final String REPLACED = "replaced";

  private static final StructType SCHEMA =
      new StructType()
          .add(SilverColumns.FILE_ID, StringType, false)
          .add(SilverColumns.RECORD_NUMBER, LongType, false)
          .add("outcome", StringType, false);

  private DedupResolver() {}

  /**
   * The outcomes of all records that are not simply accepted.
   *
   * @param accepted records that break no rule, with {@code _key_hash}
   * @param current rows of silver with the key of one of them, with {@code _key_hash}
   * @param oneTask whether both are one partition, and so is what is returned
   * @return {@code _file_id, _record_number, outcome}
   */
  static Dataset<Row> decide(
      Contract contract, Dataset<Row> accepted, Dataset<Row> current, boolean oneTask) {
    Column[] narrow = narrow(contract);
    Dataset<Row> candidates = accepted.select(narrow).withColumn("current", lit(false));
    Dataset<Row> rows = current.select(narrow).withColumn("current", lit(true));
    Dataset<Row> all = candidates.unionByName(rows);
    Column[] key = contract.businessKey().stream().map(c -> col(c)).toArray(Column[]::new);
    WindowSpec bySequence =
        Window.partitionBy(key)
            .orderBy(
                contract.sequence().stream()
                    .map(c -> col(c).asc_nulls_first())
                    .toArray(Column[]::new));
    Column rank = contract.sequence().isEmpty() ? lit(1) : dense_rank().over(bySequence);
    return (oneTask ? all.coalesce(1) : contested(all))
        .withColumn("sequence_rank", rank)
        .groupBy(key)
        .agg(
            collect_list(
                    struct(
                        col(SilverColumns.FILE_ID),
                        col(SilverColumns.RECORD_NUMBER),
                        col(SilverColumns.LANDING_SEQ),
                        col(SilverColumns.CONTENT_HASH),
                        col("sequence_rank"),
                        col("current")))
                .as("versions"))
        .select("versions")
        .flatMap(
            (org.apache.spark.api.java.function.FlatMapFunction<Row, Row>)
                group -> fold(versions(group)).iterator(),
            Encoders.row(SCHEMA));
  }

  /**
   * Few keys come more than once: only these are gathered. The hash may add some, never miss one.
   */
  private static Dataset<Row> contested(Dataset<Row> all) {
    Dataset<Row> contested =
        all.groupBy(col("_key_hash")).agg(count(lit(1)).as("n")).where("n > 1").select("_key_hash");
    return all.join(contested, "_key_hash");
  }

  /** What an outcome depends on. */
  static Column[] narrow(Contract contract) {
    List<Column> columns = new ArrayList<>();
    contract.businessKey().forEach(c -> columns.add(col(c)));
    contract.sequence().stream()
        .filter(c -> !contract.businessKey().contains(c))
        .forEach(c -> columns.add(col(c)));
    columns.add(col(SilverColumns.FILE_ID));
    columns.add(col(SilverColumns.RECORD_NUMBER));
    columns.add(col(SilverColumns.LANDING_SEQ));
    columns.add(col(SilverColumns.CONTENT_HASH));
    columns.add(col("_key_hash"));
    return columns.toArray(Column[]::new);
  }

  /** One record of a key, or the row that silver holds for it. */
  record Version(
      String fileId,
      long recordNumber,
      long landingSeq,
      long contentHash,
      int sequenceRank,
      boolean current) {

    private static final Comparator<Version> ARRIVAL =
        Comparator.comparingLong(Version::landingSeq).thenComparingLong(Version::recordNumber);

    private static final Comparator<Version> LATER =
        Comparator.comparingInt(Version::sequenceRank).thenComparing(ARRIVAL);

    boolean sameAs(Version other) {
      return contentHash == other.contentHash && sequenceRank == other.sequenceRank;
    }
  }

  private static List<Version> versions(Row group) {
    List<Row> rows = group.getList(0);
    return rows.stream()
        .map(
            r ->
                new Version(
                    r.getString(0),
                    r.getLong(1),
                    r.getLong(2),
                    r.getLong(3),
                    r.getInt(4),
                    r.getBoolean(5)))
        .toList();
  }

  /** The fold over the versions of one key; see the class comment. */
  static List<Row> fold(List<Version> versions) {
    List<Version> ordered = new ArrayList<>(versions);
    ordered.sort(Comparator.comparing((Version v) -> !v.current()).thenComparing(Version.ARRIVAL));
    List<Row> outcomes = new ArrayList<>();
    Version held = null;
    for (Version version : ordered) {
      if (held == null) {
        held = version;
      } else if (version.sameAs(held)) {
        outcomes.add(outcome(version, DUPLICATE));
      } else if (Version.LATER.compare(version, held) > 0) {
        outcomes.add(outcome(held, held.current() ? REPLACED : SUPERSEDED));
        held = version;
      } else {
        outcomes.add(outcome(version, SUPERSEDED));
      }
    }
    return outcomes;
  }

  private static Row outcome(Version version, String outcome) {
    return RowFactory.create(version.fileId(), version.recordNumber(), outcome);
  }
}
