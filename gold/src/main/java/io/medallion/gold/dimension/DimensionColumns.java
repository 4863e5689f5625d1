package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.rows.RowProjection;
import io.medallion.core.rows.Values;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.ScdType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads and makes rows of a dimension's table in the driver's memory. */
final class DimensionColumns {
  private final StructType schema;
  private final boolean dated;
  private final int surrogate;
  private final int[] businessKey;
  private final int[] values;
  private final int tracked;
  private final RowProjection surrogateKeys;

  /**
   * @param schema the table's columns
   */
  DimensionColumns(SparkSession spark, Dimension dimension, StructType schema) {
    this.schema = schema;
    this.dated = dimension.scdType() == ScdType.TYPE_2;
    this.surrogate = schema.fieldIndex(dimension.surrogateKey());
    List<String> key = Observations.names(dimension.businessKey());
    List<String> valueNames = new ArrayList<>(Observations.names(dimension.tracked()));
    valueNames.addAll(Observations.names(dimension.untracked()));
    this.businessKey = key.stream().mapToInt(schema::fieldIndex).toArray();
    this.values = valueNames.stream().mapToInt(schema::fieldIndex).toArray();
    this.tracked = dimension.tracked().size();
    StructType hashed = new StructType();
    for (String name : key) {
      hashed = hashed.add(schema.apply(name));
    }
    this.surrogateKeys =
        RowProjection.of(
            spark,
            hashed.add("_from", DataTypes.DateType),
            List.of(SurrogateKey.of(key, col("_from")).as("_key")));
  }

  StructType schema() {
    return schema;
  }

  long surrogate(InternalRow row) {
    return row.getLong(surrogate);
  }

  /** The business key, to be compared. */
  List<Object> member(InternalRow row) {
    return comparable(row, businessKey);
  }

  /** Tracked and untracked columns, to be compared. */
  List<Object> values(InternalRow row) {
    return comparable(row, values);
  }

  /** What a version shows. */
  Observation.State state(InternalRow row) {
    List<Object> compared = values(row);
    List<Object> written = new ArrayList<>();
    for (int column : values) {
      written.add(Values.value(row, schema, column));
    }
    return new Observation.State(
        compared.subList(0, tracked), compared.subList(tracked, compared.size()), written);
  }

  private List<Object> comparable(InternalRow row, int[] columns) {
    List<Object> comparable = new ArrayList<>(columns.length);
    for (int column : columns) {
      comparable.addAll(Values.of(row, schema, column, column + 1));
    }
    return comparable;
  }

  /** The first day of a version. */
  int from(InternalRow row) {
    return dated ? row.getInt(schema.fieldIndex(Versions.VALID_FROM)) : MemberVersions.MIN_DATE;
  }

  /** The first day after a version. */
  int until(InternalRow row) {
    return dated ? row.getInt(schema.fieldIndex(Versions.VALID_TO)) : MemberVersions.OPEN_END;
  }

  /** Whether a version is of that day; at type 1 it is of every day. */
  boolean covers(InternalRow row, int day) {
    return !dated || day >= from(row) && day < until(row);
  }

  /** Whether a version is marked as the current one. */
  boolean isCurrent(InternalRow row) {
    return !dated || row.getBoolean(schema.fieldIndex(Versions.IS_CURRENT));
  }

  /** The row of a member's version. */
  InternalRow row(List<Object> member, MemberVersions.Version version) {
    List<Object> hashed = new ArrayList<>(member);
    hashed.add(version.from());
    Object[] row = new Object[schema.length()];
    row[surrogate] =
        surrogateKeys.apply(new GenericInternalRow(hashed.toArray(Object[]::new))).getLong(0);
    for (int i = 0; i < businessKey.length; i++) {
      row[businessKey[i]] = member.get(i);
    }
    for (int i = 0; i < values.length; i++) {
      row[values[i]] = version.values().get(i);
    }
    if (dated) {
      row[schema.fieldIndex(Versions.VALID_FROM)] = version.from();
      row[schema.fieldIndex(Versions.VALID_TO)] = version.until();
      row[schema.fieldIndex(Versions.IS_CURRENT)] = version.until() == MemberVersions.OPEN_END;
    }
    return new GenericInternalRow(row);
  }
}
