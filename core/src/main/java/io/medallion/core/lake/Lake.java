package io.medallion.core.lake;

import java.io.Serializable;
import java.time.LocalDate;
import org.apache.spark.sql.SparkSession;

/**
 * A lake's place and layout.
 *
 * <pre>
 * bronze/manifest                     one row per landed or rejected file
 * bronze/FEED/ingest_date=D/…         landed bytes
 * bronze/FEED/rejected/…              files that cannot be the feed's
 * silver/TABLE, silver/quarantine
 * gold/TABLE
 * ops/runs, ops/check_results
 * _checkpoints/JOB/NAME               Spark's checkpoints
 * </pre>
 *
 * @param root a Hadoop path or URI without a trailing slash
 */
public record Lake(String root) implements Serializable {

  /** The layers that hold tables. */
  public enum Layer {
    BRONZE,
    SILVER,
    GOLD,
    OPS;

    /** The layer's folder, and its database in SQL. */
    public String folder() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public Lake {
    if (root.isBlank()) {
      throw new IllegalArgumentException("a lake needs a path");
    }
    root = root.length() > 1 && root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }

  /** The Delta table of that name. It need not exist. */
  public LakeTable table(SparkSession spark, Layer layer, String name) {
    return new LakeTable(spark, layer, name, root + "/" + layer.folder() + "/" + name);
  }

  /** The manifest of everything landed. */
  public LakeTable manifest(SparkSession spark) {
    return table(spark, Layer.BRONZE, "manifest");
  }

  /**
   * Records that broke a rule, with their raw bytes and all reasons.
   *
   * @return the table in a session of its own, which reads Parquet row by row, since such a record
   *     may have megabytes and Spark's vectorized reader holds thousands of them at a time
   */
  public LakeTable quarantine(SparkSession spark) {
    SparkSession rowByRow = spark.cloneSession();
    rowByRow.conf().set("spark.sql.parquet.enableVectorizedReader", false);
    return table(rowByRow, Layer.SILVER, "quarantine");
  }

  /** Where files of a feed land on a day. */
  public String landing(String feed, LocalDate ingestDate) {
    return root + "/bronze/" + feed + "/ingest_date=" + ingestDate;
  }

  /** Where rejected files of a feed are stored on a day. */
  public String rejected(String feed, LocalDate ingestDate) {
    return root + "/bronze/" + feed + "/rejected/ingest_date=" + ingestDate;
  }

  /** Where Spark keeps what a stream has processed. */
  public String checkpoint(String job, String name) {
    return root + "/_checkpoints/" + job + "/" + name;
  }
}
