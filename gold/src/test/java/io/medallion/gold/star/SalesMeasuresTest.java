package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contracts;
import io.medallion.gold.star.Star.Attribute;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Date;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The derived measures of the sales star, against values worked out by hand. */
class SalesMeasuresTest {
  private static final StructType LINE =
      new StructType()
          .add("order_date", DataTypes.DateType)
          .add("ship_date", DataTypes.DateType)
          .add("sales", DataTypes.createDecimalType(18, 5))
          .add("quantity", DataTypes.LongType)
          .add("discount", DataTypes.createDecimalType(18, 5))
          .add("profit", DataTypes.createDecimalType(18, 5));

  private static SparkSession spark;
  private static Star sales;

  @BeforeAll
  static void readTheStar() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();
    Path conf = Path.of(System.getProperty("medallion.root"), "conf");
    sales =
        Stars.read(conf.resolve("stars"), Contracts.read(conf.resolve("contracts")))
            .byName("sales");
  }

  @Test
  void roundsQuotientsHalfUpToFiveDecimals() {
    // 10 / 3 = 3.333333…; 10 / 0.7 = 14.2857142…; -1 / 10 = -0.1
    assertThat(measures("10", 3, "0.3", "-1", "2014-01-01", "2014-01-04"))
        .isEqualTo(row("3.33333", "14.28571", "4.28571", "11.00000", "-0.10000", 3));
    // 0.00003 / 2 = 0.000015: the half goes up; 0.00003 / 0.5 = 0.00006
    assertThat(measures("0.00003", 2, "0.5", "0.00003", "2014-01-01", "2014-01-01"))
        .isEqualTo(row("0.00002", "0.00006", "0.00003", "0.00000", "1.00000", 0));
  }

  @Test
  void leavesAQuotientByZeroAbsent() {
    assertThat(measures("0", 1, "1", "-2.5", "2014-01-01", "2014-01-02"))
        .isEqualTo(row("0.00000", null, null, "2.50000", null, 1));
  }

  @Test
  void leavesWhatDependsOnAnAbsentValueAbsent() {
    assertThat(measures("5", 1, null, null, "2014-01-01", null))
        .isEqualTo(row("5.00000", null, null, null, null, null));
  }

  @Test
  void holdsTheLargestAmounts() {
    assertThat(measures("9999999999999.99999", 1, "0.99999", "0", "2014-01-01", "2014-01-01"))
        .isEqualTo(
            row(
                "9999999999999.99999",
                "999999999999999999.00000",
                "999989999999999999.00001",
                "9999999999999.99999",
                "0.00000",
                0));
  }

  private static Row measures(
      String sold, long quantity, String discount, String profit, String ordered, String shipped) {
    Row line =
        RowFactory.create(
            Date.valueOf(ordered),
            shipped == null ? null : Date.valueOf(shipped),
            new BigDecimal(sold),
            quantity,
            discount == null ? null : new BigDecimal(discount),
            profit == null ? null : new BigDecimal(profit));
    String[] derived =
        sales.facts().get(0).columns().stream()
            .filter(attribute -> !attribute.name().equals(attribute.expression()))
            .map(Attribute::expression)
            .toArray(String[]::new);
    return spark.createDataFrame(List.of(line), LINE).selectExpr(derived).first();
  }

  private static Row row(
      String unitPrice,
      String listAmount,
      String discountAmount,
      String cost,
      String profitMargin,
      Integer daysToShip) {
    return RowFactory.create(
        decimal(unitPrice),
        decimal(listAmount),
        decimal(discountAmount),
        decimal(cost),
        decimal(profitMargin),
        daysToShip);
  }

  private static BigDecimal decimal(String value) {
    return value == null ? null : new BigDecimal(value);
  }
}
