package io.medallion.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;

import io.medallion.core.reader.LakeRow;
import java.util.Optional;
import org.apache.spark.sql.Column;

/**
 * Which quarantined records are meant; what is absent does not narrow.
 *
 * @param feed only of this feed
 * @param rule only those that broke this rule, among others
 * @param file only of the file with this id, or whose source path contains this text
 * @param record only the record of this number
 */
public record QuarantineFilter(
    Optional<String> feed, Optional<String> rule, Optional<String> file, Optional<Long> record) {

  /** Every record. */
  public static QuarantineFilter all() {
    return new QuarantineFilter(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The filter over the columns of {@code silver.quarantine}. */
  public Column condition() {
    Column condition = lit(true);
    if (feed.isPresent()) {
      condition = condition.and(col("feed").equalTo(feed.get()));
    }
    if (rule.isPresent()) {
      condition =
          condition.and(
              exists(col("reasons"), reason -> reason.getField("rule").equalTo(rule.get())));
    }
    if (file.isPresent()) {
      condition =
          condition.and(
              col("file_id").equalTo(file.get()).or(col("source_uri").contains(file.get())));
    }
    if (record.isPresent()) {
      condition = condition.and(col("record_number").equalTo(record.get()));
    }
    return condition;
  }

  /** Whether a row of {@code silver.quarantine} is meant. */
  public boolean selects(LakeRow row) {
    return feed.map(name -> name.equals(row.text("feed"))).orElse(true)
        && rule.map(
                name ->
                    row.rows("reasons").stream()
                        .anyMatch(reason -> name.equals(reason.text("rule"))))
            .orElse(true)
        && file.map(
                text -> text.equals(row.text("file_id")) || row.text("source_uri").contains(text))
            .orElse(true)
        && record.map(number -> number == row.number("record_number")).orElse(true);
  }
}
