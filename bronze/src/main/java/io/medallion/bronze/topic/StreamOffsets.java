package io.medallion.bronze.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.execution.streaming.CommitLog;
import org.apache.spark.sql.execution.streaming.OffsetSeq;
import org.apache.spark.sql.execution.streaming.OffsetSeqLog;
import scala.Option;

/** The offsets of a topic's stream in Spark's checkpoint. */
final class StreamOffsets {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Map<Integer, Long>>> OFFSETS =
      new TypeReference<>() {};

  private final OffsetSeqLog offsets;
  private final CommitLog commits;
  private final String topic;

  StreamOffsets(SparkSession spark, String checkpoint, String topic) {
    this.offsets = new OffsetSeqLog(spark, checkpoint + "/offsets");
    this.commits = new CommitLog(spark, checkpoint + "/commits");
    this.topic = topic;
  }

  /** By partition, the offset that a batch ends before; absent where there is no such batch. */
  Optional<Map<Integer, Long>> until(long batch) {
    if (batch < 0) {
      return Optional.empty();
    }
    Option<OffsetSeq> logged = offsets.get(batch);
    if (logged.isEmpty()) {
      return Optional.empty();
    }
    Option<? extends Offset> offset = logged.get().offsets().head();
    return offset.isEmpty() ? Optional.empty() : Optional.of(parse(offset.get().json()));
  }

  /** The last batch that Spark has marked as done. */
  OptionalLong lastDone() {
    Option<Object> latest = commits.getLatestBatchId();
    return latest.isEmpty() ? OptionalLong.empty() : OptionalLong.of((Long) latest.get());
  }

  /** Whether the stream has ever begun a batch. */
  boolean begun() {
    return offsets.getLatestBatchId().isDefined();
  }

  private Map<Integer, Long> parse(String json) {
    try {
      return JSON.readValue(json, OFFSETS).getOrDefault(topic, Map.of());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Spark's offsets are no JSON: " + json, e);
    }
  }

  /** Offsets as Spark takes them to begin at; -2 is the earliest that the broker has. */
  static String startingAt(String topic, Map<Integer, Long> next) {
    try {
      return JSON.writeValueAsString(Map.of(topic, next));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers are always JSON", e);
    }
  }
}
