package io.medallion.gold;

import io.medallion.testkit.LocalSession;
import org.apache.spark.sql.SparkSession;

/** The shared session, set for plans over a handful of rows. */
final class Session {
  private Session() {}

  /** Nothing is compiled or planned again: that takes longer than the rows themselves. */
  static SparkSession small() {
    SparkSession session = LocalSession.shared();
    session.conf().set("spark.sql.adaptive.enabled", "false");
    session.conf().set("spark.sql.codegen.wholeStage", "false");
    session.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    session.conf().set("spark.sql.shuffle.partitions", "1");
    return session;
  }
}
