package io.medallion.bronze.topic;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;

import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.ConservationException;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.topic.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * What a batch wrote, by its files' footers: partition by partition, compared with the offsets that
 * the batch was to hold.
 */
final class LandedSlices {
  private final String topic;
  private final SparkSession spark;
  private final String path;
  private final Map<Integer, Long> from;
  private final Map<Integer, Long> until;
  private final List<Slice> slices;
  private final Optional<EventTimes> times;

  private LandedSlices(
      String topic,
      SparkSession spark,
      String path,
      Map<Integer, Long> from,
      Map<Integer, Long> until,
      List<Slice> slices,
      Optional<EventTimes> times) {
    this.topic = topic;
    this.spark = spark;
    this.path = path;
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
    List<LandedFile> files = LandedFile.in(path, spark.sparkContext().hadoopConfiguration());
    Map<Integer, List<ManifestFile.Part>> parts = new TreeMap<>();
    Map<Integer, Long> last = new HashMap<>();
    for (LandedFile file : files) {
      parts
          .computeIfAbsent(file.partition(), p -> new ArrayList<>())
          .add(
              new ManifestFile.Part(
                  folder + "/" + file.name(), file.bytes(), file.first(), file.records(), 0));
      last.merge(file.partition(), file.last(), Math::max);
    }
    Optional<EventTimes> times = files.stream().map(LandedFile::times).reduce(EventTimes::and);
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
    return new LandedSlices(topic, spark, path, from, until, slices, times);
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
    spark
        .read()
        .schema(Envelope.SCHEMA)
        .parquet(path)
        .where(col(Envelope.PARTITION).equalTo(partition))
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
