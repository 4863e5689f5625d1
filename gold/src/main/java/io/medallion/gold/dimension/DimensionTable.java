package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.delta.tables.DeltaMergeBuilder;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.rows.RowProjection;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.ScdType;
import io.medallion.gold.table.CachedTable;
import io.medallion.gold.table.Difference;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.NullSafe;
import io.medallion.gold.table.TableChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** A slowly changing dimension: builds its table, updates it, and looks up versions for facts. */
public final class DimensionTable implements AutoCloseable {
  /** Up to this many members are broadcast. */
  private static final long SMALL = 500_000;

  private final LakeTable table;
  private final CachedTable cached;
  private final Dimension dimension;
  private final List<String> sourceKey;
  private final List<String> businessKey;

  DimensionTable(LakeTable table, Dimension dimension, List<String> sourceKey) {
    this.table = table;
    this.cached = new CachedTable(table);
    this.dimension = dimension;
    this.sourceKey = sourceKey;
    this.businessKey = Observations.names(dimension.businessKey());
  }

  public LakeTable table() {
    return table;
  }

  public Dimension dimension() {
    return dimension;
  }

  /** The table's latest rows. */
  CachedTable cached() {
    return cached;
  }

  /** Makes the table, without rows. */
  void create(Dataset<Row> source) {
    GoldTable.create(table, schema(source));
  }

  /** The unknown member's row, of the table's columns. */
  InternalRow unknownMember() {
    List<Column> columns = new ArrayList<>();
    for (StructField field : table.schema().fields()) {
      columns.add(unknown(field).cast(field.dataType()).as(field.name()));
    }
    return RowProjection.of(table.spark(), new StructType(), columns).apply(InternalRow.empty());
  }

  /** Builds the dimension from nothing. */
  TableChange rebuild(Dataset<Row> source) {
    StructType schema = schema(source);
    Dataset<Row> observed = Observations.of(source, dimension, sourceKey);
    Dataset<Row> states =
        Versions.states(observed, dimension).persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> changing =
        Versions.changing(states, dimension).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Dataset<Row> members = changing.count() <= SMALL ? broadcast(changing) : changing;
      Dataset<Row> moving =
          observed.join(members, NullSafe.same(observed, members, businessKey), "left_semi");
      return GoldTable.overwrite(
          table,
          schema,
          Versions.steady(states, members, dimension)
              .unionByName(Versions.of(moving, dimension))
              .unionByName(unknownMember(schema)));
    } finally {
      changing.unpersist();
      states.unpersist();
    }
  }

  /**
   * The members whose versions {@code changes} may alter.
   *
   * @param before the table's version as the last build left it; another one now means that a build
   *     was interrupted, which may have seen some of the changes and not others
   */
  MemberKeys affectedKeys(SilverChanges changes, long before) {
    return MemberKeys.of(
        this,
        table.hasChangedSince(before)
            ? changes.namedKeys(dimension)
            : changes.affectedKeys(dimension, small(cached.rows())));
  }

  /**
   * What an update did.
   *
   * @param toRepoint the members to whose facts another version may apply than at an earlier
   *     version of the table: the business key, and {@code _since}, the first day concerned, NULL
   *     where all are; absent where there is no such member
   */
  record Update(TableChange change, Optional<MemberKeys> toRepoint) {}

  /**
   * Computes the versions of members anew, and commits what differs from the table; nothing where
   * nothing does.
   *
   * @param source all rows of the source that name these members, as they are now
   * @param before the version of the table that facts refer to
   */
  Update update(MemberKeys memberKeys, Dataset<Row> source, long before) {
    // Another version means that a build was ended after this commit, and runs again.
    boolean fresh = !table.hasChangedSince(before);
    Dataset<Row> observed = Observations.of(source, dimension, sourceKey);
    Dataset<Row> wanted = Versions.of(only(observed, memberKeys), dimension);
    try (Difference difference =
        Difference.of(difference(only(cached.rows(), memberKeys), wanted))) {
      Optional<MemberKeys> toRepoint = fresh ? toRepoint(difference) : Optional.empty();
      TableChange change = apply(difference);
      return new Update(change, fresh ? toRepoint : toRepointSince(before));
    }
  }

  private Dataset<Row> only(Dataset<Row> rows, MemberKeys memberKeys) {
    return rows.join(
        memberKeys.keys(), NullSafe.same(rows, memberKeys.keys(), businessKey), "left_semi");
  }

  private Dataset<Row> difference(Dataset<Row> stored, Dataset<Row> wanted) {
    String key = dimension.surrogateKey();
    Column operation =
        when(col("wanted." + key).isNull(), "delete")
            .when(col("stored." + key).isNull(), "insert")
            .when(NullSafe.differ("stored", "wanted", columns()), "update");
    List<Column> selected = new ArrayList<>();
    selected.add(operation.as(Difference.OPERATION));
    selected.add(coalesce(col("wanted." + key), col("stored." + key)).as(key));
    for (String column : columns()) {
      if (businessKey.contains(column) || column.equals(Versions.VALID_FROM)) {
        selected.add(coalesce(col("wanted." + column), col("stored." + column)).as(column));
      } else if (!column.equals(key)) {
        selected.add(col("wanted." + column).as(column));
      }
    }
    return stored
        .as("stored")
        .join(wanted.as("wanted"), col("stored." + key).equalTo(col("wanted." + key)), "full_outer")
        .select(selected.toArray(Column[]::new))
        .where(col(Difference.OPERATION).isNotNull());
  }

  private TableChange apply(Difference difference) {
    long inserted = difference.count("insert");
    long updated = difference.count("update");
    long deleted = difference.count("delete");
    if (updated + deleted > 0) {
      merge(difference);
    } else if (inserted > 0) {
      GoldTable.append(table, table.schema(), difference.rows());
    }
    return new TableChange(table.name(), inserted, updated, deleted, table.version());
  }

  private void merge(Difference difference) {
    Map<String, Column> values = new HashMap<>();
    for (String column : columns()) {
      values.put(column, col("new." + column));
    }
    String key = dimension.surrogateKey();
    Column operation = col("new." + Difference.OPERATION);
    DeltaMergeBuilder merge =
        table
            .delta()
            .as("old")
            .merge(difference.rows().as("new"), col("old." + key).equalTo(col("new." + key)));
    if (difference.count("delete") > 0) {
      merge = merge.whenMatched(operation.equalTo("delete")).delete();
    }
    if (difference.count("update") > 0) {
      merge = merge.whenMatched(operation.equalTo("update")).update(values);
    }
    if (difference.count("insert") > 0) {
      merge = merge.whenNotMatched(operation.equalTo("insert")).insert(values);
    }
    merge.execute();
  }

  /**
   * The versions, each with the span of days for which facts refer to it.
   *
   * @return the surrogate key, the business key, and at type 2 {@code _from} and {@code _until}:
   *     NULL is unbounded, so that a day before the first version finds the first, and a day on
   *     which the member had ended finds the last one before
   */
  public Dataset<Row> lookup() {
    List<Column> columns = new ArrayList<>();
    columns.add(col(dimension.surrogateKey()));
    businessKey.forEach(name -> columns.add(col(name)));
    if (dimension.scdType() == ScdType.TYPE_2) {
      WindowSpec member =
          Window.partitionBy(businessKey.stream().map(c -> col(c)).toArray(Column[]::new))
              .orderBy(Versions.VALID_FROM);
      Column first = lag(Versions.VALID_FROM, 1).over(member).isNull();
      columns.add(when(first, null).otherwise(col(Versions.VALID_FROM)).as("_from"));
      columns.add(lead(Versions.VALID_FROM, 1).over(member).as("_until"));
    }
    return small(
        cached
            .rows()
            .where(col(dimension.surrogateKey()).notEqual(SurrogateKey.UNKNOWN))
            .select(columns.toArray(Column[]::new)));
  }

  /** The members whose facts a difference may re-point, before it is committed. */
  private Optional<MemberKeys> toRepoint(Difference difference) {
    return difference.count("insert") + difference.count("delete") == 0
        ? Optional.empty()
        : toRepoint(difference.rows(), Difference.OPERATION, col("_versions"));
  }

  /** The members whose facts commits since an earlier version of the table may re-point. */
  private Optional<MemberKeys> toRepointSince(long before) {
    long now = table.version();
    return table.hasChangedSince(before)
        ? toRepoint(
            GoldTable.changes(table, before + 1, now),
            "_change_type",
            col("_versions").minus(col("_more")))
        : Optional.empty();
  }

  /**
   * The members of which a version was inserted or deleted.
   *
   * <p>Which version a fact refers to depends on the versions' first days alone, so that updates do
   * not matter. A version inserted or deleted after the first one affects later facts only.
   *
   * @param changes rows inserted into the table and deleted from it
   * @param type the column that has {@code insert} or {@code delete}
   * @param versionsBefore how many versions a member had before, an expression over {@code
   *     _versions}, how many the table has, and {@code _more}, how many were added
   */
  private Optional<MemberKeys> toRepoint(Dataset<Row> changes, String type, Column versionsBefore) {
    boolean dated = dimension.scdType() == ScdType.TYPE_2;
    Column first = dated ? col(Versions.VALID_FROM) : lit(Observations.MIN_DATE);
    Column[] member = businessKey.stream().map(c -> col(c)).toArray(Column[]::new);
    List<Column> version = new ArrayList<>(List.of(member));
    version.add(first.as("_first"));
    Dataset<Row> changed =
        changes
            .where(col(type).isin("insert", "delete"))
            .withColumn("_one", when(col(type).equalTo("insert"), lit(1)).otherwise(lit(-1)))
            .groupBy(version.toArray(Column[]::new))
            .agg(sum("_one").as("_one"))
            .where(col("_one").notEqual(0))
            .groupBy(member)
            .agg(min("_first").as("_since"), sum("_one").as("_more"));
    Dataset<Row> stored =
        this.cached
            .rows()
            .groupBy(member)
            .agg(min(first).as("_start"), count(lit(1)).as("_versions"));
    Dataset<Row> both =
        changed
            .as("changed")
            .join(small(stored).as("stored"), NullSafe.same(changed, stored, businessKey), "left");
    if (dimension.deleteWhen().isEmpty()) {
      // A member without a version before had no row in the source either: all its facts are new.
      both =
          both.withColumn("_versions", coalesce(col("_versions"), lit(0)))
              .where(versionsBefore.gt(0));
    }
    List<Column> result =
        new ArrayList<>(businessKey.stream().map(c -> col("changed." + c)).toList());
    // A version that starts before all of these is there before and after.
    result.add(when(col("_since").gt(col("_start")), col("_since")).as("_since"));
    MemberKeys toRepoint = MemberKeys.of(this, both.select(result.toArray(Column[]::new)));
    return toRepoint.isEmpty() ? Optional.empty() : Optional.of(toRepoint);
  }

  @Override
  public void close() {
    cached.close();
  }

  private Dataset<Row> small(Dataset<Row> rows) {
    return GoldTable.broadcastIfSmall(table, rows);
  }

  private List<String> columns() {
    return Arrays.asList(table.schema().fieldNames());
  }

  private StructType schema(Dataset<Row> source) {
    StructType schema =
        new StructType()
            .add(
                GoldTable.field(
                    dimension.surrogateKey(),
                    DataTypes.LongType,
                    false,
                    "Surrogate key, a function of business key and first day of validity; 0 is the"
                        + " unknown member"));
    List<Attribute> attributes = new ArrayList<>(dimension.businessKey());
    attributes.addAll(dimension.tracked());
    attributes.addAll(dimension.untracked());
    for (Attribute attribute : attributes) {
      schema =
          schema.add(
              GoldTable.field(
                  attribute.name(),
                  source.select(expr(attribute.expression())).schema().fields()[0].dataType(),
                  true,
                  attribute.description()));
    }
    if (dimension.scdType() == ScdType.TYPE_1) {
      return schema;
    }
    return schema
        .add(
            GoldTable.field(
                Versions.VALID_FROM,
                DataTypes.DateType,
                false,
                "First day of the version; 1900-01-01 where it holds since ever"))
        .add(
            GoldTable.field(
                Versions.VALID_TO,
                DataTypes.DateType,
                false,
                "First day after the version; 9999-12-31 where nothing has ended it"))
        .add(
            GoldTable.field(
                Versions.IS_CURRENT,
                DataTypes.BooleanType,
                false,
                "Whether nothing has ended the version"));
  }

  private Dataset<Row> unknownMember(StructType schema) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(unknown(field).cast(field.dataType()).as(field.name()));
    }
    return table.spark().range(1).select(columns.toArray(Column[]::new));
  }

  private Column unknown(StructField field) {
    if (field.name().equals(dimension.surrogateKey())) {
      return lit(SurrogateKey.UNKNOWN);
    }
    if (businessKey.contains(field.name())) {
      return lit(null);
    }
    if (dimension.scdType() == ScdType.TYPE_2) {
      switch (field.name()) {
        case Versions.VALID_FROM:
          return lit(Observations.MIN_DATE);
        case Versions.VALID_TO:
          return lit(Versions.OPEN_END);
        case Versions.IS_CURRENT:
          return lit(true);
        default:
      }
    }
    return field.dataType().equals(DataTypes.StringType) ? lit("Unknown") : lit(null);
  }
}
