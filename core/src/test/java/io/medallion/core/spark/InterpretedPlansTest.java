package io.medallion.core.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.LocalSession;
import org.apache.spark.metrics.source.CodegenMetrics;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans without generated code, for as long as they are asked for. */
class InterpretedPlansTest {
  private static int asked = 4_711;

  private final SparkSession session = LocalSession.shared().newSession();

  @BeforeEach
  void compile() {
    session.conf().set("spark.sql.codegen.wholeStage", "true");
    session.conf().set("spark.sql.codegen.factoryMode", "FALLBACK");
  }

  /** Whether a query that was never asked before lets Spark compile something. */
  private boolean generates() {
    long before = CodegenMetrics.METRIC_COMPILATION_TIME().getCount();
    session.range(5).selectExpr("id + " + ++asked).collectAsList();
    return CodegenMetrics.METRIC_COMPILATION_TIME().getCount() > before;
  }

  @Test
  void settingsHoldUntilTheyAreClosed() {
    session.conf().set("spark.sql.shuffle.partitions", "7");
    assertThat(generates()).isTrue();

    try (InterpretedPlans plans = InterpretedPlans.of(session, true)) {
      assertThat(plans).isNotNull();
      assertThat(generates()).isFalse();
      assertThat(session.conf().get("spark.sql.shuffle.partitions")).isEqualTo("1");
    }

    assertThat(generates()).isTrue();
    assertThat(session.conf().get("spark.sql.shuffle.partitions")).isEqualTo("7");
    assertThat(session.conf().get("spark.sql.codegen.factoryMode")).isEqualTo("FALLBACK");
  }

  @Test
  void nothingIsSetWhereMuchIsToDo() {
    try (InterpretedPlans plans =
        InterpretedPlans.of(session, InterpretedPlans.few(session, 30_001))) {
      assertThat(plans).isNotNull();
      assertThat(generates()).isTrue();
    }
    assertThat(InterpretedPlans.few(session, 30_000)).isTrue();
    session.conf().set(InterpretedPlans.FEW_RECORDS, "5");
    assertThat(InterpretedPlans.few(session, 6)).isFalse();
  }
}
