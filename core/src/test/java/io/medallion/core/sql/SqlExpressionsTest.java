package io.medallion.core.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlExpressionsTest {
  private static final StructType ROW =
      new StructType()
          .add("amount", DataTypes.createDecimalType(18, 5))
          .add("quantity", DataTypes.LongType)
          .add("day", DataTypes.DateType)
          .add("tags", DataTypes.createArrayType(DataTypes.StringType));

  @Test
  void tellsTypeAndColumns() {
    assertThat(SqlExpressions.analyse("CAST(amount / quantity AS DECIMAL(18,5))", ROW))
        .isEqualTo(
            new SqlExpression.Valid(
                DataTypes.createDecimalType(18, 5), Set.of("amount", "quantity"), false));
  }

  @Test
  void tellsAnAggregate() {
    assertThat(SqlExpressions.analyse("sum(amount)", ROW))
        .isEqualTo(
            new SqlExpression.Valid(DataTypes.createDecimalType(28, 5), Set.of("amount"), true));
  }

  @Test
  void doesNotTakeALambdaVariableForAColumn() {
    assertThat(SqlExpressions.analyse("exists(tags, tag -> tag = 'new')", ROW))
        .isEqualTo(new SqlExpression.Valid(DataTypes.BooleanType, Set.of("tags"), false));
  }

  @Test
  void distinguishesUpperAndLowerCaseOfColumns() {
    assertThat(SqlExpressions.analyse("Amount > 0", ROW))
        .isEqualTo(
            new SqlExpression.Invalid(
                "names the column `Amount`, which does not exist", "write `amount`"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum(amount) OVER (PARTITION BY day)", "quantity IN (SELECT 1)"})
  void refusesOtherRows(String sql) {
    assertThat(SqlExpressions.analyse(sql, ROW))
        .isEqualTo(
            new SqlExpression.Invalid(
                "reads other rows, by a subquery or a window", "use the columns of one row only"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "current_date()",
        "now()",
        "current_timestamp",
        "localtimestamp",
        "rand()",
        "uuid()"
      })
  void refusesWhatChangesFromRunToRun(String sql) {
    assertThat(SqlExpressions.analyse(sql, ROW))
        .isEqualTo(
            new SqlExpression.Invalid(
                "depends on when it is computed, so that a rebuild would give something else",
                "use the columns of the record only"));
  }
}
