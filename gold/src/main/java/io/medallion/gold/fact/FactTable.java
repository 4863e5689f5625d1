package io.medallion.gold.fact;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import io.delta.tables.DeltaMergeBuilder;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.ConservationException;
import io.medallion.gold.dimension.DateDimensionTable;
import io.medallion.gold.dimension.DimensionTable;
import io.medallion.gold.dimension.MemberKeys;
import io.medallion.gold.dimension.SilverChanges;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.DateReference;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.star.Star.Reference;
import io.medallion.gold.table.Difference;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.NullSafe;
import io.medallion.gold.table.TableChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** A fact table: one row for every row of the source. */
public final class FactTable {
  /** Where a fact's row came from, kept from the source. */
  static final List<Attribute> PROVENANCE =
      List.of(
          new Attribute("_file_id", "_file_id", "The landed file that brought the row"),
          new Attribute("_record_number", "_record_number", "The row's record in that file"));

  private static final String OPERATION = Difference.OPERATION;
  private static final String UPSERT = "upsert";
  private static final String REPOINT = "repoint";
  private static final String DELETE = "delete";

  // Positions in the statistics of a difference, after the net number of rows.
  private static final int INSERTED = 1;
  private static final int CHANGED = 2;
  private static final int DELETED = 3;
  private static final int REPOINTED = 4;
  private static final int BOUNDS = 5;

  private final LakeTable table;
  private final Fact fact;
  private final Contract contract;
  private final FactReferences references;

  public FactTable(
      LakeTable table, Fact fact, Contract contract, Map<String, DimensionTable> dimensions) {
    this.table = table;
    this.fact = fact;
    this.contract = contract;
    this.references = new FactReferences(fact, dimensions);
  }

  /** What an update did, and how many facts it pointed to another version. */
  public record Update(TableChange change, long repointed) {}

  public LakeTable table() {
    return table;
  }

  public Fact fact() {
    return fact;
  }

  /**
   * Builds the table from nothing.
   *
   * @param sourceRows rows of {@code source}
   * @throws ConservationException where the table has another number of rows
   */
  public TableChange rebuild(Dataset<Row> source, long sourceRows) {
    Dataset<Row> rows = rows(source);
    StructType schema = schema(source);
    long before = table.version();
    TableChange change = GoldTable.overwrite(table, schema, rows);
    verify(change.inserted(), sourceRows, before);
    return change;
  }

  /**
   * Applies changes of the source, and re-points the facts of some members to the versions that now
   * apply. Commits nothing where nothing differs.
   *
   * @param source all rows of the source, after the changes, that name a member to re-point
   * @param sourceRows rows of the source after the changes
   * @param toRepoint by dimension, as the update of the dimensions returned it
   * @param before the table's version before this build; another one now means that the build was
   *     interrupted after this commit and runs again
   * @throws ConservationException where the table would not have the source's rows, or has not
   */
  public Update update(
      SilverChanges changes,
      Dataset<Row> source,
      long sourceRows,
      Map<String, MemberKeys> toRepoint,
      long before) {
    boolean fresh = !table.hasChangedSince(before);
    Dataset<Row> kept =
        difference(changes.rows(), source, toRepoint, fresh)
            .persist(StorageLevel.MEMORY_AND_DISK());
    Row counts = kept.agg(sum(SilverChanges.COUNT), statistics()).head();
    long net = counts.isNullAt(0) ? 0 : counts.getLong(0);
    long rowsBefore = table.rowCount(before);
    conserve(rowsBefore + net, sourceRows);
    long inserted = counts.getLong(INSERTED);
    long changed = counts.getLong(CHANGED) + counts.getLong(DELETED);
    long repointed = counts.getLong(REPOINTED);
    Dataset<Row> difference = Difference.local(kept, inserted + changed + repointed);
    try {
      long version = table.version();
      if (inserted + changed + repointed == 0) {
        return new Update(new TableChange(table.name(), 0, 0, 0, version), 0);
      }
      TableChange change;
      if (changed + repointed == 0 && fresh) {
        GoldTable.append(table, table.schema(), difference);
        change = new TableChange(table.name(), inserted, 0, 0, table.version());
      } else {
        merge(difference, counts, fresh);
        change = merged(version);
      }
      if (fresh) {
        verify(rowsBefore + change.inserted() - change.deleted(), sourceRows, version);
      }
      return new Update(change, repointed);
    } finally {
      difference.unpersist();
    }
  }

  private Column[] statistics() {
    List<Column> columns = new ArrayList<>();
    Column upsert = col(OPERATION).equalTo(UPSERT);
    columns.add(count_if(upsert.and(col(SilverChanges.COUNT).gt(0))));
    columns.add(count_if(upsert.and(col(SilverChanges.COUNT).equalTo(0))));
    columns.add(count_if(col(OPERATION).equalTo(DELETE)));
    columns.add(count_if(col(OPERATION).equalTo(REPOINT)));
    for (String key : fact.grain()) {
      columns.add(min(key));
      columns.add(max(key));
    }
    return columns.toArray(Column[]::new);
  }

  /**
   * @param fresh whether the table is as the last build left it; an interrupted one may have
   *     committed rows that have come and gone since that build
   */
  private Dataset<Row> difference(
      Dataset<Row> changed, Dataset<Row> source, Map<String, MemberKeys> toRepoint, boolean fresh) {
    Dataset<Row> living = changed.where(col("_lives"));
    List<Column> upserted = new ArrayList<>();
    upserted.add(lit(UPSERT).as(OPERATION));
    upserted.add(col(SilverChanges.COUNT));
    upserted.addAll(columns());
    Dataset<Row> difference = references.resolved(living).select(upserted.toArray(Column[]::new));
    List<Column> deleted = new ArrayList<>();
    deleted.add(lit(DELETE).as(OPERATION));
    deleted.add(col(SilverChanges.COUNT));
    fact.grain().forEach(key -> deleted.add(col(key)));
    difference =
        difference.unionByName(
            changed
                .where(not(col("_lives")).and(col(SilverChanges.COUNT).lt(0).or(lit(!fresh))))
                .select(deleted.toArray(Column[]::new)),
            true);
    if (toRepoint.isEmpty()) {
      return difference;
    }
    Dataset<Row> rowsToRepoint = references.rowsToRepoint(source, toRepoint);
    Dataset<Row> unchanged =
        rowsToRepoint.join(
            changed, NullSafe.same(rowsToRepoint, changed, fact.grain()), "left_anti");
    List<Column> repointed = new ArrayList<>();
    repointed.add(lit(REPOINT).as(OPERATION));
    repointed.add(lit(0L).as(SilverChanges.COUNT));
    fact.grain().forEach(key -> repointed.add(col(key)));
    fact.references()
        .forEach(ref -> repointed.add(col(FactReferences.found(ref)).as(ref.column())));
    return difference.unionByName(
        references.resolved(unchanged).select(repointed.toArray(Column[]::new)), true);
  }

  private Dataset<Row> rows(Dataset<Row> source) {
    return references.resolved(source).select(columns().toArray(Column[]::new));
  }

  /** The table's columns over {@link FactReferences#resolved}. */
  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    fact.grain().forEach(key -> columns.add(col(key)));
    for (DateReference date : fact.dates()) {
      columns.add(DateDimensionTable.key(col(date.date())).as(date.column()));
    }
    for (Reference reference : fact.references()) {
      columns.add(col(FactReferences.found(reference)).as(reference.column()));
    }
    Stream.concat(fact.columns().stream(), PROVENANCE.stream())
        .forEach(a -> columns.add(expr(a.expression()).as(a.name())));
    return columns;
  }

  /** Makes the table, without rows. */
  public void create(Dataset<Row> source) {
    GoldTable.create(table, schema(source));
  }

  private StructType schema(Dataset<Row> source) {
    List<Attribute> attributes =
        Stream.concat(fact.columns().stream(), PROVENANCE.stream()).toList();
    StructType types =
        source
            .select(
                attributes.stream()
                    .map(a -> expr(a.expression()).as(a.name()))
                    .toArray(Column[]::new))
            .schema();
    StructType schema = new StructType();
    for (String key : fact.grain()) {
      var column = contract.column(key);
      schema =
          schema.add(
              GoldTable.field(
                  key,
                  source.schema().apply(key).dataType(),
                  !column.required(),
                  column.description()));
    }
    for (DateReference date : fact.dates()) {
      schema =
          schema.add(
              GoldTable.field(
                  date.column(),
                  DataTypes.IntegerType,
                  false,
                  "The day of " + date.date() + " as yyyymmdd; 0 is no date"));
    }
    for (Reference reference : fact.references()) {
      schema =
          schema.add(
              GoldTable.field(
                  reference.column(),
                  DataTypes.LongType,
                  false,
                  "The version of "
                      + reference.dimension()
                      + " as of "
                      + reference.asOf()
                      + "; 0 is unknown"));
    }
    for (Attribute a : attributes) {
      schema =
          schema.add(
              GoldTable.field(a.name(), types.apply(a.name()).dataType(), true, a.description()));
    }
    return schema;
  }

  /**
   * Every clause makes each column's expression longer, so that there is none for what does not
   * occur.
   *
   * @param fresh whether the table is as the last build left it, so that no new row can be there
   *     already
   */
  private void merge(Dataset<Row> difference, Row counts, boolean fresh) {
    Map<String, Column> keys = new HashMap<>();
    fact.references().forEach(ref -> keys.put(ref.column(), col("new." + ref.column())));
    Map<String, Column> values = new HashMap<>();
    List<String> columns = Arrays.asList(table.schema().fieldNames());
    columns.forEach(column -> values.put(column, col("new." + column)));
    Column operation = col("new." + OPERATION);
    Column upsert = operation.equalTo(UPSERT);
    DeltaMergeBuilder merge =
        table.delta().as("old").merge(difference.as("new"), sameGrain(counts));
    if (counts.getLong(DELETED) > 0) {
      merge = merge.whenMatched(operation.equalTo(DELETE)).delete();
    }
    if (counts.getLong(REPOINTED) > 0) {
      merge =
          merge
              .whenMatched(
                  operation
                      .equalTo(REPOINT)
                      .and(NullSafe.differ("old", "new", List.copyOf(keys.keySet()))))
              .update(keys);
    }
    if (!fresh || counts.getLong(CHANGED) > 0) {
      merge = merge.whenMatched(upsert.and(NullSafe.differ("old", "new", columns))).update(values);
    }
    if (!fresh || counts.getLong(INSERTED) > 0) {
      merge = merge.whenNotMatched(upsert).insert(values);
    }
    merge.execute();
  }

  /** Equal keys, and the bounds of the changed keys, by which Delta can pass over files. */
  private Column sameGrain(Row counts) {
    Column same = lit(true);
    int bound = BOUNDS;
    for (String key : fact.grain()) {
      Column old = col("old." + key);
      boolean nullable = !contract.column(key).required();
      same =
          same.and(nullable ? old.eqNullSafe(col("new." + key)) : old.equalTo(col("new." + key)));
      if (!nullable && !counts.isNullAt(bound)) {
        same = same.and(old.geq(lit(counts.get(bound)))).and(old.leq(lit(counts.get(bound + 1))));
      }
      bound += 2;
    }
    return same;
  }

  private TableChange merged(long versionBefore) {
    long version = table.version();
    if (version == versionBefore) {
      return new TableChange(table.name(), 0, 0, 0, version);
    }
    Map<String, String> metrics = GoldTable.metrics(table, version);
    return new TableChange(
        table.name(),
        Long.parseLong(metrics.get("numTargetRowsInserted")),
        Long.parseLong(metrics.get("numTargetRowsUpdated")),
        Long.parseLong(metrics.get("numTargetRowsDeleted")),
        version);
  }

  /**
   * Tells rows that went missing or are too many.
   *
   * @param rows the table's after an update
   * @throws ConservationException where the source has another number
   */
  public void conserve(long rows, long sourceRows) {
    if (rows != sourceRows) {
      throw new ConservationException(
          table.qualifiedName()
              + " would have "
              + rows
              + " rows for the "
              + sourceRows
              + " rows of silver."
              + contract.table()
              + ". Nothing was committed to it. Its rows were changed by something else, or a row"
              + " was lost or counted twice; compare the two tables by "
              + String.join(", ", fact.grain())
              + ".");
    }
  }

  /** What was committed is counted too, and taken back where it is not the source. */
  private void verify(long rows, long sourceRows, long versionBefore) {
    if (rows != sourceRows) {
      if (versionBefore >= 0) {
        table.delta().restoreToVersion(versionBefore);
      }
      conserve(rows, sourceRows);
    }
  }
}
