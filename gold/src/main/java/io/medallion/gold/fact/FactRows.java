package io.medallion.gold.fact;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.medallion.core.rows.KeyHash;
import io.medallion.core.rows.RowProjection;
import io.medallion.core.rows.Values;
import io.medallion.gold.dimension.DateDimensionTable;
import io.medallion.gold.dimension.DimensionRows;
import io.medallion.gold.dimension.Observations;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.DateReference;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.star.Star.Reference;
import io.medallion.gold.table.HeldRow;
import io.medallion.gold.table.RowDifference;
import io.medallion.gold.table.SourceImages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The facts that an update concerns, in the driver's memory: those of the source's rows that
 * changed, and those of members whose versions moved. It does what {@link FactTable#update} does
 * for tables of any size.
 */
public final class FactRows {
  private final FactTable table;
  private final Fact fact;
  private final Map<String, DimensionRows> dimensions;
  private final StructType schema;
  private final RowProjection values;
  private final int days;
  private final Map<List<Object>, SourceImages.Changed> changed = new LinkedHashMap<>();
  private final Map<List<Object>, Long> hashes = new HashMap<>();
  private final Map<List<Object>, InternalRow> repointed = new LinkedHashMap<>();

  /**
   * @param source the columns of the source
   * @param dimensions by table
   */
  public FactRows(
      SparkSession spark,
      FactTable table,
      StructType source,
      Map<String, DimensionRows> dimensions) {
    this.table = table;
    this.fact = table.fact();
    this.dimensions = dimensions;
    this.schema = table.table().schema();
    List<Column> columns = new ArrayList<>();
    fact.grain().forEach(name -> columns.add(col("`" + name + "`")));
    columns.add(KeyHash.of(fact.grain().stream().map(name -> col("`" + name + "`")).toList()));
    for (DateReference date : fact.dates()) {
      columns.add(DateDimensionTable.key(col(date.date())));
    }
    for (Attribute attribute : attributes()) {
      columns.add(expr(attribute.expression()));
    }
    this.days = columns.size();
    fact.references().forEach(reference -> columns.add(Observations.day(reference.asOf())));
    List<Column> numbered = new ArrayList<>();
    columns.forEach(column -> numbered.add(column.as("_" + numbered.size())));
    this.values = RowProjection.of(spark, source, numbered);
  }

  private List<Attribute> attributes() {
    return Stream.concat(fact.columns().stream(), FactTable.PROVENANCE.stream()).toList();
  }

  public FactTable table() {
    return table;
  }

  /**
   * Takes in what changed.
   *
   * @param history rows of the source, as they are now, that name a member whose versions moved
   */
  public void observe(SourceImages changes, Collection<InternalRow> history) {
    changes
        .rows()
        .values()
        .forEach(
            row -> {
              InternalRow computed = values.apply(row.row());
              changed.put(grain(computed), row);
              hashes.put(grain(computed), hash(computed));
            });
    if (fact.references().stream().noneMatch(ref -> dimension(ref).repoints())) {
      return;
    }
    for (InternalRow row : history) {
      InternalRow computed = values.apply(row);
      if (!changed.containsKey(grain(computed)) && repoints(row, computed)) {
        repointed.put(grain(computed), row);
        hashes.put(grain(computed), hash(computed));
      }
    }
  }

  private List<Object> grain(InternalRow computed) {
    return Values.of(computed, values.schema(), 0, fact.grain().size());
  }

  private long hash(InternalRow computed) {
    return computed.getLong(fact.grain().size());
  }

  private DimensionRows dimension(Reference reference) {
    return dimensions.get(reference.dimension());
  }

  private boolean repoints(InternalRow source, InternalRow computed) {
    for (int i = 0; i < fact.references().size(); i++) {
      DimensionRows dimension = dimension(fact.references().get(i));
      int day = computed.getInt(days + i);
      if (dimension.repoints()
          && dimension.memberOf(source).filter(m -> dimension.repoints(m, day)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The facts that the table has of the rows concerned, and those that refer to a version that
   * went; absent where there can be none.
   */
  public Optional<Dataset<Row>> heldQuery() {
    Column hash = KeyHash.of(fact.grain().stream().map(name -> col("`" + name + "`")).toList());
    List<Column> concerned = new ArrayList<>();
    if (!hashes.isEmpty()) {
      concerned.add(KeyHash.isAmong(hash, hashes.values()));
    }
    for (Reference reference : fact.references()) {
      Set<Long> gone = dimension(reference).surrogatesGone();
      if (!gone.isEmpty()) {
        concerned.add(KeyHash.isAmong(col("`" + reference.column() + "`"), gone));
      }
    }
    return concerned.stream()
        .reduce(Column::or)
        .map(condition -> HeldRow.query(table.table(), schema, condition));
  }

  /**
   * What an update does to the table.
   *
   * @param repeated facts more than one for their key, which there must not be: samples of the keys
   * @param repointed facts that refer to another version than before, though their own row of the
   *     source did not change
   * @param dangling whether a fact refers to a version that its dimension loses
   */
  public record Update(
      RowDifference difference, List<List<Object>> repeated, long repointed, boolean dangling) {}

  /**
   * Computes it.
   *
   * @param rows those of {@link #heldQuery}
   */
  public Update update(Collection<InternalRow> rows) {
    Map<List<Object>, HeldRow> held = new HashMap<>();
    List<List<Object>> repeated = new ArrayList<>();
    Map<Integer, Set<Long>> gone = new HashMap<>();
    fact.references()
        .forEach(ref -> gone.put(schema.fieldIndex(ref.column()), dimension(ref).surrogatesGone()));
    boolean dangling = false;
    for (InternalRow row : rows) {
      List<Object> grain = grainOf(row);
      dangling |= !hashes.containsKey(grain) && refersTo(gone, row);
      if (hashes.containsKey(grain) && held.put(grain, HeldRow.of(row, schema)) != null) {
        repeated.add(grain);
      }
    }
    RowDifference difference = new RowDifference(schema);
    changed.forEach(
        (grain, row) ->
            difference.add(
                Optional.ofNullable(held.get(grain)),
                row.lives() ? Optional.of(wanted(row.row())) : Optional.empty()));
    long before = difference.updated();
    repointed.forEach(
        (grain, row) ->
            Optional.ofNullable(held.get(grain))
                .ifPresent(
                    fact ->
                        difference.add(Optional.of(fact), Optional.of(pointed(fact.row(), row)))));
    dangling |=
        difference.images().stream().anyMatch(image -> image.came() && refersTo(gone, image.row()));
    return new Update(difference, repeated, difference.updated() - before, dangling);
  }

  private static boolean refersTo(Map<Integer, Set<Long>> gone, InternalRow row) {
    return gone.entrySet().stream().anyMatch(e -> e.getValue().contains(row.getLong(e.getKey())));
  }

  private List<Object> grainOf(InternalRow row) {
    List<Object> grain = new ArrayList<>();
    for (String name : fact.grain()) {
      int column = schema.fieldIndex(name);
      grain.addAll(Values.of(row, schema, column, column + 1));
    }
    return grain;
  }

  /** The fact of a row of the source. */
  private InternalRow wanted(InternalRow source) {
    InternalRow computed = values.apply(source);
    Object[] row = new Object[schema.length()];
    int column = 0;
    for (String name : fact.grain()) {
      row[schema.fieldIndex(name)] = Values.value(computed, values.schema(), column++);
    }
    column++; // the hash
    for (DateReference date : fact.dates()) {
      row[schema.fieldIndex(date.column())] = Values.value(computed, values.schema(), column++);
    }
    for (Attribute attribute : attributes()) {
      row[schema.fieldIndex(attribute.name())] = Values.value(computed, values.schema(), column++);
    }
    for (int i = 0; i < fact.references().size(); i++) {
      Reference reference = fact.references().get(i);
      row[schema.fieldIndex(reference.column())] =
          dimension(reference)
              .version(dimension(reference).memberOf(source), computed.getInt(days + i));
    }
    return new GenericInternalRow(row);
  }

  /** The fact as it is, with other versions of the members that moved. */
  private InternalRow pointed(InternalRow held, InternalRow source) {
    InternalRow computed = values.apply(source);
    Object[] row = new Object[schema.length()];
    for (int i = 0; i < row.length; i++) {
      row[i] = Values.value(held, schema, i);
    }
    for (int i = 0; i < fact.references().size(); i++) {
      Reference reference = fact.references().get(i);
      DimensionRows dimension = dimension(reference);
      Optional<List<Object>> member =
          dimension.repoints() ? dimension.memberOf(source) : Optional.empty();
      if (member.filter(dimension.membersToRepoint()::contains).isPresent()) {
        row[schema.fieldIndex(reference.column())] =
            dimension.version(member, computed.getInt(days + i));
      }
    }
    return new GenericInternalRow(row);
  }
}
