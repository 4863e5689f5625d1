package io.medallion.silver;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.csv.CsvRecords;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.silver.parse.ColumnLayout;
import io.medallion.silver.parse.FileSlice;
import io.medallion.silver.parse.RecordParser;
import io.medallion.silver.parse.SilverColumns;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Reads landed files, or quarantined raw records, as rows of {@link SilverColumns#parsed}. */
final class Records {
  private static final long TASK_BYTES = 48L << 20;

  private Records() {}

  /** Every record of the files, in landing order within each task. */
  static Dataset<Row> ofFiles(
      SparkSession spark, String lakeRoot, Contract contract, Feed feed, List<ManifestFile> files) {
    if (feed.topic().isPresent()) {
      return Events.ofFiles(
          spark, lakeRoot, contract, feed, ManifestFile.as(EventLanding.class, files));
    }
    List<ColumnLayout> columns = ColumnLayout.of(contract, feed);
    List<String> encodings = feed.encodings().stream().map(Charset::name).toList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(
            new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    List<List<FileSlice>> tasks =
        tasks(lakeRoot, contract, ManifestFile.as(FileLanding.class, files));
    JavaRDD<Row> rows =
        context
            .parallelize(tasks, Math.max(1, tasks.size()))
            .flatMap(
                slices -> {
                  SliceIterator records =
                      new SliceIterator(
                          slices, new RecordParser(columns, encodings), hadoop.value().value());
                  TaskContext.get()
                      .<Void>addTaskCompletionListener(
                          task -> {
                            records.close();
                            return null;
                          });
                  return records;
                });
    return spark.createDataFrame(rows, SilverColumns.parsed(columns));
  }

  /** Every record of the files, one after the other, read in this thread. */
  static SliceIterator ofFiles(
      Configuration hadoop,
      String lakeRoot,
      Contract contract,
      Feed feed,
      List<FileLanding> files) {
    return new SliceIterator(
        files.stream().flatMap(file -> FileSlice.of(file, lakeRoot, contract).stream()).toList(),
        new RecordParser(
            ColumnLayout.of(contract, feed), feed.encodings().stream().map(Charset::name).toList()),
        hadoop);
  }

  /** Packs slices into tasks of about {@link #TASK_BYTES}, keeping their order. */
  private static List<List<FileSlice>> tasks(
      String lakeRoot, Contract contract, List<FileLanding> files) {
    List<List<FileSlice>> tasks = new ArrayList<>();
    List<FileSlice> task = new ArrayList<>();
    long bytes = 0;
    for (FileLanding file : files) {
      for (FileSlice slice : FileSlice.of(file, lakeRoot, contract)) {
        if (!task.isEmpty() && bytes + slice.bytes() > TASK_BYTES) {
          tasks.add(task);
          task = new ArrayList<>();
          bytes = 0;
        }
        task.add(slice);
        bytes += slice.bytes();
      }
    }
    if (!task.isEmpty()) {
      tasks.add(task);
    }
    return tasks;
  }

  /**
   * Quarantined records, parsed again under the contract as it is now.
   *
   * @param lakeRoot where events are read again
   * @param quarantined rows of {@code silver.quarantine} of one feed
   * @param files the manifest's rows of their files
   */
  static Dataset<Row> ofQuarantine(
      SparkSession spark,
      String lakeRoot,
      Contract contract,
      Feed feed,
      Dataset<Row> quarantined,
      List<ManifestFile> files) {
    if (feed.topic().isPresent()) {
      return Events.ofQuarantine(
          spark, lakeRoot, contract, feed, quarantined, ManifestFile.as(EventLanding.class, files));
    }
    List<ColumnLayout> columns = ColumnLayout.of(contract, feed);
    List<String> encodings = feed.encodings().stream().map(Charset::name).toList();
    Map<String, FileSlice> byFile = new java.util.HashMap<>();
    for (FileLanding file : ManifestFile.as(FileLanding.class, files)) {
      byFile.put(file.fileId(), FileSlice.of(file, "", contract).get(0));
    }
    JavaRDD<Row> rows =
        quarantined
            .select(col("file_id"), col("record_number"), col("raw"))
            .javaRDD()
            .mapPartitions(
                raw -> {
                  RecordParser parser = new RecordParser(columns, encodings);
                  List<Row> parsed = new ArrayList<>();
                  while (raw.hasNext()) {
                    Row row = raw.next();
                    parsed.add(reparse(parser, byFile, row));
                  }
                  return parsed.iterator();
                });
    return spark.createDataFrame(rows, SilverColumns.parsed(columns));
  }

  private static Row reparse(RecordParser parser, Map<String, FileSlice> byFile, Row row)
      throws IOException {
    FileSlice file = byFile.get(row.getString(0));
    byte[] bytes = row.getAs(2);
    try (CsvRecords record =
        CsvRecords.ofPart(
            new java.io.ByteArrayInputStream(bytes),
            file.delimiter(),
            CsvRecords.Newline.valueOf(file.newline()),
            file.columns().size())) {
      boolean broken = record.next() && (record.broken() || record.end() != bytes.length);
      return parser.parse(file, row.getLong(1), broken, bytes);
    }
  }

  /** Reads slices one after the other. */
  static final class SliceIterator implements Iterator<Row>, AutoCloseable {
    private final Iterator<FileSlice> slices;
    private final RecordParser parser;
    private final Configuration hadoop;
    private FileSlice slice;
    private CsvRecords records;
    private long recordNumber;
    private boolean ready;

    SliceIterator(List<FileSlice> slices, RecordParser parser, Configuration hadoop) {
      this.slices = slices.iterator();
      this.parser = parser;
      this.hadoop = hadoop;
    }

    @Override
    public boolean hasNext() {
      try {
        while (!ready) {
          if (records != null && records.next()) {
            ready = true;
          } else {
            close();
            if (!slices.hasNext()) {
              return false;
            }
            open(slices.next());
          }
        }
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException("landed file " + slice.path() + " cannot be read", e);
      }
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ready = false;
      return parser.parse(slice, recordNumber++, records.broken(), records.content());
    }

    private void open(FileSlice next) throws IOException {
      slice = next;
      Path path = new Path(next.path());
      InputStream in = path.getFileSystem(hadoop).open(path, 1 << 18);
      in.skipNBytes(next.skipBytes());
      records =
          CsvRecords.ofPart(
              in,
              next.delimiter(),
              CsvRecords.Newline.valueOf(next.newline()),
              next.columns().size());
      recordNumber = next.firstRecord();
    }

    @Override
    public void close() {
      try {
        if (records != null) {
          records.close();
          records = null;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
