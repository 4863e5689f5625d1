package io.medallion.bronze.topic;

import static java.time.temporal.ChronoUnit.MICROS;

import io.medallion.core.LakeException;
import io.medallion.core.topic.Envelope;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * A file of events as its own footer describes it, which says what was written and costs no second
 * pass over it.
 *
 * @param records its events, all of one partition
 * @param times of the events, by Kafka's timestamps
 */
record LandedFile(
    String name, long bytes, int partition, long records, long first, long last, EventTimes times) {

  /**
   * The files of a folder that hold events, in the order of their offsets.
   *
   * @throws LakeException where they cannot be read, or their footers lack what is needed
   */
  static List<LandedFile> in(String folder, Configuration hadoop) {
    Path path = new Path(folder);
    List<LandedFile> files = new ArrayList<>();
    try {
      for (FileStatus status : path.getFileSystem(hadoop).listStatus(path)) {
        if (status.getPath().getName().endsWith(".parquet")) {
          read(status, hadoop).ifPresent(files::add);
        }
      }
    } catch (IOException e) {
      throw new LakeException(
          folder + " cannot be read: " + e.getMessage(), "run the command again", e);
    }
    files.sort(Comparator.comparingLong(LandedFile::first));
    return files;
  }

  private static Optional<LandedFile> read(FileStatus status, Configuration hadoop)
      throws IOException {
    List<BlockMetaData> blocks;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(status, hadoop))) {
      blocks = reader.getFooter().getBlocks();
    }
    long records = blocks.stream().mapToLong(BlockMetaData::getRowCount).sum();
    if (records == 0) {
      return Optional.empty();
    }
    Bounds partition = Bounds.of(status, blocks, Envelope.PARTITION);
    Bounds offset = Bounds.of(status, blocks, Envelope.OFFSET);
    Bounds micros = Bounds.of(status, blocks, Envelope.TIMESTAMP);
    if (partition.least() != partition.most()) {
      throw new LakeException(
          status.getPath() + " holds events of several partitions",
          "run the command again, and report it if it stays");
    }
    return Optional.of(
        new LandedFile(
            status.getPath().getName(),
            status.getLen(),
            (int) partition.least(),
            records,
            offset.least(),
            offset.most(),
            new EventTimes(
                Instant.EPOCH.plus(micros.least(), MICROS),
                Instant.EPOCH.plus(micros.most(), MICROS))));
  }

  /** The least and the most of a column's values, none of which is NULL. */
  private record Bounds(long least, long most) {
    static Bounds of(FileStatus file, List<BlockMetaData> blocks, String column) {
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      for (BlockMetaData block : blocks) {
        Statistics<?> values =
            block.getColumns().stream()
                .filter(chunk -> chunk.getPath().toDotString().equals(column))
                .map(ColumnChunkMetaData::getStatistics)
                .findFirst()
                .orElseThrow();
        if (!(values.genericGetMin() instanceof Number min)
            || !(values.genericGetMax() instanceof Number max)) {
          throw new LakeException(
              file.getPath() + " does not tell the bounds of its column " + column,
              "run the command again, and report it if it stays");
        }
        least = Math.min(least, min.longValue());
        most = Math.max(most, max.longValue());
      }
      return new Bounds(least, most);
    }
  }
}
