package io.medallion.gold;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.contract.LogicalType;
import io.medallion.core.contract.Severity;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Star.Attribute;
import io.medallion.gold.star.Star.Check;
import io.medallion.gold.star.Star.DateDimension;
import io.medallion.gold.star.Star.DateReference;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.Fact;
import io.medallion.gold.star.Star.Reference;
import io.medallion.gold.star.Star.ScdType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A lake with a small source table, its contract and a star over it. */
final class Shop {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2024-05-01T00:00:00Z"), ZoneOffset.UTC);

  private static final StructType SCHEMA =
      new StructType()
          .add("order_id", DataTypes.StringType)
          .add("line_id", DataTypes.LongType)
          .add("day", DataTypes.DateType)
          .add("shipped", DataTypes.DateType)
          .add("customer", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("segment", DataTypes.StringType)
          .add("email", DataTypes.StringType)
          .add("product", DataTypes.StringType)
          .add("title", DataTypes.StringType)
          .add("country", DataTypes.StringType)
          .add("city", DataTypes.StringType)
          .add("region", DataTypes.StringType)
          .add("status", DataTypes.StringType)
          .add("amount", DataTypes.createDecimalType(18, 5))
          .add("_warnings", DataTypes.createArrayType(DataTypes.StringType))
          .add("_rescued", DataTypes.StringType)
          .add("_file_id", DataTypes.StringType)
          .add("_record_number", DataTypes.LongType)
          .add("_landing_seq", DataTypes.LongType)
          .add("_content_hash", DataTypes.LongType)
          .add("_contract_version", DataTypes.StringType);

  final SparkSession spark;
  final Lake lake;
  final LakeTable source;

  Shop(SparkSession spark, String root) {
    this.spark = spark;
    this.lake = new Lake(root);
    this.source = lake.table(spark, Lake.Layer.SILVER, "orders");
  }

  void open() {
    source.createIfAbsent(
        SCHEMA,
        Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true"));
  }

  /** Inserts the lines, or overwrites those whose key is there, in one commit. */
  void put(List<Line> lines) {
    source
        .delta()
        .as("o")
        .merge(rows(lines).as("n"), "o.order_id = n.order_id AND o.line_id = n.line_id")
        .whenMatched()
        .updateAll()
        .whenNotMatched()
        .insertAll()
        .execute();
  }

  void put(Line... lines) {
    put(List.of(lines));
  }

  void delete(Line line) {
    source
        .delta()
        .delete(col("order_id").equalTo(line.orderId()).and(col("line_id").equalTo(line.lineId())));
  }

  /** Puts some and deletes others, in one commit. */
  void apply(List<Line> puts, List<Line> deletes) {
    List<Line> all = new ArrayList<>(puts);
    all.addAll(deletes);
    source
        .delta()
        .as("o")
        .merge(rows(all).as("n"), "o.order_id = n.order_id AND o.line_id = n.line_id")
        .whenMatched(col("n._record_number").geq(puts.size()))
        .delete()
        .whenMatched()
        .updateAll()
        .whenNotMatched(col("n._record_number").lt(puts.size()))
        .insertAll()
        .execute();
  }

  private Dataset<Row> rows(List<Line> lines) {
    return rows(spark, lines);
  }

  /** The lines as rows of the source. */
  static Dataset<Row> rows(SparkSession spark, List<Line> lines) {
    List<Row> rows = new ArrayList<>();
    for (Line l : lines) {
      rows.add(
          RowFactory.create(
              l.orderId(),
              l.lineId(),
              date(l.day()),
              date(l.shipped()),
              l.customer(),
              l.name(),
              l.segment(),
              l.email(),
              l.product(),
              l.title(),
              l.country(),
              l.city(),
              l.region(),
              l.status(),
              l.amount(),
              null,
              null,
              "f1",
              (long) rows.size(),
              0L,
              0L,
              "1.0.0"));
    }
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  private static Date date(LocalDate day) {
    return day == null ? null : Date.valueOf(day);
  }

  GoldStream stream(Star star) {
    return new GoldStream(spark, lake, contract("c1"), star, CLOCK, "run");
  }

  GoldBatch batch(Star star, CommitPoint commitPoint) {
    return new GoldBatch(spark, lake, contract("c1"), star, CLOCK, "run", commitPoint);
  }

  Optional<GoldSummary.Build> build(Star star) {
    return batch(star, table -> {}).bringTo(source.version());
  }

  LakeTable gold(String table) {
    return lake.table(spark, Lake.Layer.GOLD, table);
  }

  Dataset<Row> rows(String table, String... columns) {
    return gold(table).read().selectExpr(columns);
  }

  /** Rows as text, sorted, so that they compare as sets. */
  List<String> sorted(String table, String... columns) {
    return rows(table, columns).collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** Versions of every table of the star, by name. */
  Map<String, Long> versions() {
    Map<String, Long> versions = new TreeMap<>();
    for (String table : List.of("dim_customer", "dim_product", "dim_place", "dim_date", "fact")) {
      versions.put(table, gold(table).version());
    }
    versions.put("check_results", lake.table(spark, Lake.Layer.OPS, "check_results").version());
    versions.put("runs", lake.table(spark, Lake.Layer.OPS, "runs").version());
    return versions;
  }

  static Contract contract(String digest) {
    List<Column> columns =
        List.of(
            column("order_id", new LogicalType.Text(), true),
            column("line_id", new LogicalType.Whole(), true));
    Feed feed = new Feed("orders", ',', List.of(StandardCharsets.UTF_8), List.of(), List.of());
    return new Contract(
        "orders",
        "1.0.0",
        "orders",
        "Order lines",
        columns,
        List.of("order_id", "line_id"),
        List.of(),
        List.of(),
        List.of(feed),
        digest);
  }

  private static Column column(String name, LogicalType type, boolean required) {
    return new Column(
        name,
        type,
        required,
        "The " + name,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  static final Dimension CUSTOMER =
      new Dimension(
          "dim_customer",
          "customer_key",
          "Customers",
          ScdType.TYPE_2,
          List.of(attribute("customer")),
          "day",
          List.of("line_id"),
          List.of(attribute("name"), attribute("segment")),
          List.of(attribute("email")),
          Optional.empty());

  static final Dimension PRODUCT =
      new Dimension(
          "dim_product",
          "product_key",
          "Products",
          ScdType.TYPE_1,
          List.of(attribute("product")),
          "day",
          List.of("line_id"),
          List.of(attribute("title")),
          List.of(),
          Optional.empty());

  static final Dimension PLACE =
      new Dimension(
          "dim_place",
          "place_key",
          "Places",
          ScdType.TYPE_2,
          List.of(attribute("country"), attribute("city")),
          "day",
          List.of("line_id"),
          List.of(attribute("region")),
          List.of(),
          Optional.of("status = 'closed'"));

  static Attribute attribute(String name) {
    return new Attribute(name, name, "The " + name);
  }

  static Star star(String digest, Check... checks) {
    Fact fact =
        new Fact(
            "fact",
            "Order lines",
            List.of("order_id", "line_id"),
            List.of(new DateReference("day_key", "day"), new DateReference("ship_key", "shipped")),
            List.of(
                new Reference("customer_key", "dim_customer", "day"),
                new Reference("product_key", "dim_product", "day"),
                new Reference("place_key", "dim_place", "day")),
            List.of(
                attribute("status"),
                attribute("amount"),
                new Attribute("double_amount", "CAST(amount * 2 AS DECIMAL(19,5))", "Twice")));
    return new Star(
        "shop",
        "orders",
        List.of(CUSTOMER, PRODUCT, PLACE),
        Optional.of(
            new DateDimension(
                "dim_date", List.of("day", "shipped"), 4, List.of("12-25", "LAST MONDAY 5"))),
        List.of(fact),
        List.of(checks),
        digest);
  }

  static Star star() {
    return star(
        "s1",
        new Check.Unique(
            "grain", "fact", List.of("order_id", "line_id"), Optional.empty(), Severity.ERROR),
        new Check.Relationship(
            "customer", "fact", "customer_key", "dim_customer", "customer_key", Severity.ERROR),
        new Check.Relationship(
            "place", "fact", "place_key", "dim_place", "place_key", Severity.ERROR),
        new Check.Intervals("customer_intervals", "dim_customer", Severity.ERROR),
        new Check.Intervals("place_intervals", "dim_place", Severity.ERROR),
        new Check.NotNull("amount", "fact", "amount", Optional.empty(), Severity.WARN),
        new Check.Agree(
            "sums", "silver.orders", "sum(amount)", "gold.fact", "sum(amount)", Severity.ERROR),
        new Check.RowCountRatio(
            "rows", "gold.fact", "silver.orders", BigDecimal.ONE, BigDecimal.ONE, Severity.ERROR));
  }
}
