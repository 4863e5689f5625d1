package io.medallion.bronze;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.ConservationException;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.topic.Envelope;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * What a batch wrote, read back from its files: partition by partition, held against the offsets
 * that the batch was to hold.
 */
final class LandedSlices {
  private final String topic;
  private final Dataset<Row> rows;
  private final Map<Integer, Long> from;
  private final Map<Integer, Long> until;
  private final List<Slice> slices;
  private final Optional<EventTimes> times;

  private LandedSlices(
      String topic,
      Dataset<Row> rows,
      Map<Integer, Long> from,
      Map<Integer, Long> until,
      List<Slice> slices,
      Optional<EventTimes> times) {
    this.topic = topic;
    this.rows = rows;
    this.from = from;
    this.until = until;
    this.slices = slices;
    this.times = times;
  }

  /** A partition's events, by the offsets {@code [from, until)} that were asked for. */
  record Slice(
      int partition,
      long from,
      long until,
      long first,
      long last,
      long records,
      List<ManifestFile.Part> parts) {}

  /**
   * Reads back what lies in a folder.
   *
   * @param from by partition, where the batch was to begin; a partition may lack, being new
   * @param until by partition, where it was to end
   * @throws ConservationException where events are there that were not asked for, or twice
   */
  static LandedSlices of(
      SparkSession spark,
      Lake lake,
      String topic,
      String folder,
      Map<Integer, Long> from,
      Map<Integer, Long> until) {
    String path = lake.root() + "/" + folder;
    Dataset<Row> rows = spark.read().schema(Envelope.SCHEMA).parquet(path);
    List<Row> groups =
        rows.groupBy(col(Envelope.PARTITION), input_file_name().as("file"))
            .agg(
                count(lit(1)),
                min(Envelope.OFFSET),
                max(Envelope.OFFSET),
                min(Envelope.TIMESTAMP),
                max(Envelope.TIMESTAMP))
            .orderBy(Envelope.PARTITION, "min(" + Envelope.OFFSET + ")")
            .collectAsList();
    Map<String, Long> sizes = groups.isEmpty() ? Map.of() : sizes(spark, path);
    Map<Integer, List<ManifestFile.Part>> parts = new TreeMap<>();
    Map<Integer, Long> last = new HashMap<>();
    for (Row group : groups) {
      String name = new Path(group.getString(1)).getName();
      parts
          .computeIfAbsent(group.getInt(0), p -> new ArrayList<>())
          .add(
              new ManifestFile.Part(
                  folder + "/" + name, sizes.get(name), group.getLong(3), group.getLong(2), 0));
      last.merge(group.getInt(0), group.getLong(4), Math::max);
    }
    Optional<EventTimes> times =
        groups.stream()
            .map(group -> new EventTimes(instant(group.get(5)), instant(group.get(6))))
            .reduce(EventTimes::and);
    List<Slice> slices = new ArrayList<>();
    parts.forEach(
        (partition, of) -> {
          long first = of.get(0).firstRecord();
          long records = of.stream().mapToLong(ManifestFile.Part::records).sum();
          Slice slice =
              new Slice(
                  partition,
                  from.getOrDefault(partition, first),
                  until.getOrDefault(partition, 0L),
                  first,
                  last.get(partition),
                  records,
                  of);
          conserve(topic, slice);
          slices.add(slice);
        });
    return new LandedSlices(topic, rows, from, until, slices, times);
  }

  private static Instant instant(Object value) {
    return value instanceof Instant instant ? instant : ((java.sql.Timestamp) value).toInstant();
  }

  private static Map<String, Long> sizes(SparkSession spark, String folder) {
    Path path = new Path(folder);
    try {
      Map<String, Long> sizes = new HashMap<>();
      for (FileStatus file :
          path.getFileSystem(spark.sparkContext().hadoopConfiguration()).listStatus(path)) {
        sizes.put(file.getPath().getName(), file.getLen());
      }
      return sizes;
    } catch (IOException e) {
      throw new LakeException(
          folder + " cannot be listed: " + e.getMessage(), "run the command again", e);
    }
  }

  private static void conserve(String topic, Slice slice) {
    boolean within = slice.first() >= slice.from() && slice.last() < slice.until();
    if (!within || slice.records() > slice.last() - slice.first() + 1) {
      throw new ConservationException(
          "%s/%d: %d events with offsets %d to %d were read where [%d, %d) was asked for."
                  .formatted(
                      topic,
                      slice.partition(),
                      slice.records(),
                      slice.first(),
                      slice.last(),
                      slice.from(),
                      slice.until())
              + " Nothing was committed. Run the command again, and report it if it stays.");
    }
  }

  List<Slice> slices() {
    return slices;
  }

  /** Kafka's timestamps of what was read; absent where nothing was. */
  Optional<EventTimes> times() {
    return times;
  }

  boolean empty() {
    return slices.isEmpty();
  }

  /**
   * Offsets that were asked for, were not read, and that the broker no longer has. (Others that
   * lack are of a compacted topic, or marks of transactions: the broker still has their place.)
   *
   * @param begin by partition, the first offset that the broker has now
   * @param resumed whether a partition that was not known before is one that was added since, and
   *     so begins at 0
   */
  List<LostOffsets> missing(String topicId, Map<Integer, Long> begin, boolean resumed) {
    List<LostOffsets> missing = new ArrayList<>();
    until.forEach(
        (partition, end) -> {
          long start = from.getOrDefault(partition, resumed ? 0L : end);
          long gone = Math.min(begin.getOrDefault(partition, 0L), end);
          long records =
              slices.stream()
                  .filter(slice -> slice.partition() == partition)
                  .mapToLong(Slice::records)
                  .sum();
          if (gone > start && records < end - start) {
            for (long[] gap : gaps(partition, start, end)) {
              if (gap[0] < gone) {
                missing.add(
                    new LostOffsets(
                        topic,
                        topicId,
                        partition,
                        gap[0],
                        OptionalLong.of(Math.min(gap[1], gone)),
                        LostOffsets.EXPIRED));
              }
            }
          }
        });
    return missing;
  }

  /** Ranges within {@code [start, end)} of which nothing was written. */
  private List<long[]> gaps(int partition, long start, long end) {
    List<long[]> gaps = new ArrayList<>();
    rows.where(col(Envelope.PARTITION).equalTo(partition))
        .select(
            coalesce(lag(Envelope.OFFSET, 1).over(Window.orderBy(Envelope.OFFSET)), lit(start - 1))
                .as("before"),
            col(Envelope.OFFSET).as("after"))
        .where("after - before > 1")
        .orderBy("after")
        .collectAsList()
        .forEach(row -> gaps.add(new long[] {row.getLong(0) + 1, row.getLong(1)}));
    long last =
        slices.stream()
            .filter(slice -> slice.partition() == partition)
            .mapToLong(Slice::last)
            .max()
            .orElse(start - 1);
    if (last + 1 < end) {
      gaps.add(new long[] {last + 1, end});
    }
    return gaps;
  }
}
