package io.medallion.core.spark;

import io.medallion.core.lake.LakeTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Lets Spark interpret its plans instead of generating and compiling code for them, and shuffle
 * into one partition, until it is closed: of some thousand rows, code takes longer to make than to
 * run. Results are the same.
 *
 * <p>The settings are the session's, so the session should be of one thread.
 */
public final class InterpretedPlans implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.sql.codegen.wholeStage",
          "false",
          "spark.sql.codegen.factoryMode",
          "NO_CODEGEN",
          "spark.sql.adaptive.enabled",
          "false",
          "spark.sql.shuffle.partitions",
          "1");

  /** The setting up to which records are few. */
  public static final String FEW_RECORDS = "spark.medallion.fewRecords";

  /** The setting up to which a table is small, in bytes of its files. */
  public static final String SMALL_TABLE_BYTES = "spark.medallion.smallTableBytes";

  private static final String FEW_RECORDS_DEFAULT = "30000";
  private static final String SMALL_TABLE_BYTES_DEFAULT = "16777216";

  private final SparkSession session;
  private final Map<String, Optional<String>> before = new HashMap<>();

  private InterpretedPlans(SparkSession session) {
    this.session = session;
  }

  /**
   * Sets the session so.
   *
   * @param suited whether what it does next is small; if not, nothing is set
   */
  public static InterpretedPlans of(SparkSession session, boolean suited) {
    InterpretedPlans plans = new InterpretedPlans(session);
    if (suited) {
      SETTINGS.forEach(
          (key, value) -> {
            scala.Option<String> set = session.conf().getOption(key);
            plans.before.put(
                key, set.isDefined() ? Optional.of(set.get()) : Optional.<String>empty());
            session.conf().set(key, value);
          });
    }
    return plans;
  }

  /** Sets a session so for good. */
  public static void set(SparkSession session) {
    SETTINGS.forEach((key, value) -> session.conf().set(key, value));
  }

  /** Whether so many records are worked on faster without the means that many records need. */
  public static boolean few(SparkSession session, long records) {
    return records <= Long.parseLong(session.conf().get(FEW_RECORDS, FEW_RECORDS_DEFAULT));
  }

  /** Whether a table is so small that the same holds for reading all of it. */
  public static boolean small(LakeTable table) {
    return table.size().bytes()
        <= Long.parseLong(table.spark().conf().get(SMALL_TABLE_BYTES, SMALL_TABLE_BYTES_DEFAULT));
  }

  @Override
  public void close() {
    before.forEach(
        (key, value) ->
            value.ifPresentOrElse(
                set -> session.conf().set(key, set), () -> session.conf().unset(key)));
  }
}
