package io.medallion.core.lake;

import io.medallion.testkit.LocalSession;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A table whose rows are looked up by position and changed by a {@link RowDelta}. */
abstract class RowDeltaFixture {
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("name", DataTypes.StringType)
          .add("amount", DataTypes.createDecimalType(18, 5))
          .add("day", DataTypes.DateType)
          .add("at", DataTypes.TimestampType)
          .add("tags", DataTypes.createArrayType(DataTypes.StringType));

  final SparkSession spark = LocalSession.shared();

  @TempDir Path root;
  LakeTable table;

  abstract RowDelta way();

  @BeforeEach
  void make() {
    table = new Lake(root.toString()).table(spark, Lake.Layer.SILVER, "orders");
    table.createIfAbsent(
        SCHEMA,
        Map.of(
            "delta.enableChangeDataFeed",
            "true",
            "delta.enableDeletionVectors",
            "true",
            LakeTable.SKIPPING_COLUMNS,
            "id,day,at"));
  }

  static Row row(long id, String name) {
    return RowFactory.create(
        id,
        name,
        new BigDecimal("12.34500").add(BigDecimal.valueOf(id)),
        Date.valueOf("2026-01-01"),
        Timestamp.from(Instant.parse("2026-01-01T10:00:00.123456Z")),
        List.of("a", "b"));
  }

  static Row empty(long id) {
    return RowFactory.create(id, null, null, null, null, null);
  }

  long insert(Row... rows) {
    return commit(Arrays.stream(rows).map(RowChange.Inserted::new).toList());
  }

  long commit(List<? extends RowChange> changes) {
    return way().commit(table, List.copyOf(changes), Optional.empty());
  }

  Map<Long, RowPosition> positions() {
    Map<Long, RowPosition> positions = new HashMap<>();
    for (Row row : table.rowsWithPositions().collectAsList()) {
      positions.put(
          row.getAs("id"),
          new RowPosition(row.getAs(LakeTable.FILE_NAME), row.getAs(LakeTable.ROW_INDEX)));
    }
    return positions;
  }

  RowChange deleted(long id) {
    return new RowChange.Deleted(positions().get(id), held(id));
  }

  RowChange updated(long id, Row after) {
    return new RowChange.Updated(positions().get(id), held(id), after);
  }

  Row held(long id) {
    return table.read().where("id = " + id).head();
  }
}
