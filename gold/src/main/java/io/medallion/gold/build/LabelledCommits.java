package io.medallion.gold.build;

import io.medallion.core.lake.CommitLabel;
import io.medallion.core.lake.LakeTable;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Lets Delta label each commit that a session makes, until it is closed: so that of two builds of a
 * star at the same time only one makes each, whichever way they go.
 */
final class LabelledCommits implements AutoCloseable {
  private static final String APPLICATION = "spark.databricks.delta.write.txnAppId";
  private static final String NUMBER = "spark.databricks.delta.write.txnVersion";

  /** Builds of a star are numbered, and so are the versions of its source. */
  private static final int VERSION_BITS = 32;

  private final SparkSession session;

  private LabelledCommits(SparkSession session) {
    this.session = session;
  }

  static LabelledCommits of(SparkSession session, CommitLabel label) {
    session.conf().set(APPLICATION, label.application());
    session.conf().set(NUMBER, label.number());
    return new LabelledCommits(session);
  }

  /**
   * The label of a build's commits. A build that was ended before the ledger was written is
   * repeated under its number, maybe from a later version of the source; what it has committed from
   * the same version is what it would commit again.
   */
  static CommitLabel label(String star, long build, long sourceVersion) {
    return CommitLabel.of(application(star), (build << VERSION_BITS) + sourceVersion);
  }

  /**
   * The highest number of a build whose commits the tables have, -1 where there is none. It may be
   * higher than the ledger's last one: of a build that was cut off, or where the ledger was made
   * anew or restored.
   */
  static long lastBuild(String star, List<LakeTable> tables) {
    return tables.stream()
        .filter(LakeTable::exists)
        .mapToLong(table -> table.lastTransaction(application(star)).orElse(-1))
        .map(number -> number >> VERSION_BITS)
        .max()
        .orElse(-1);
  }

  private static String application(String star) {
    return "medallion/gold/" + star;
  }

  @Override
  public void close() {
    session.conf().unset(APPLICATION);
    session.conf().unset(NUMBER);
  }
}
