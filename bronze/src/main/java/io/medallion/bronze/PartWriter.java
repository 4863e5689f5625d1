package io.medallion.bronze;

import io.medallion.core.csv.CsvRecords;
import io.medallion.core.manifest.ManifestFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes a file's records to parts of about {@code partBytes}. */
final class PartWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final Path folder;
  private final String relativeFolder;
  private final String baseName;
  private final Configuration hadoop;
  private final long partBytes;
  private final List<ManifestFile.Part> parts = new ArrayList<>();
  private OutputStream out;
  private Path path;
  private long bytes;
  private long records;
  private long firstRecord = 1;
  private long skipBytes;

  /**
   * A writer that has written nothing.
   *
   * @param folder of this file alone
   * @param relativeFolder the same, relative to the lake's root
   * @param baseName first part of every part's name
   */
  PartWriter(
      Path folder, String relativeFolder, String baseName, Configuration hadoop, long partBytes) {
    this.folder = folder;
    this.relativeFolder = relativeFolder;
    this.baseName = baseName;
    this.hadoop = hadoop;
    this.partBytes = partBytes;
  }

  void write(CsvRecords current, boolean data) throws IOException {
    if (out != null && bytes >= partBytes) {
      endPart();
    }
    if (out == null) {
      path = new Path(folder, String.format("%s-%05d.csv", baseName, parts.size()));
      out = new BufferedOutputStream(path.getFileSystem(hadoop).create(path, false), BUFFER_BYTES);
    }
    int length = current.end() - current.start();
    out.write(current.buffer(), current.start(), length);
    bytes += length;
    if (data) {
      records++;
    } else {
      skipBytes = bytes;
    }
  }

  private void endPart() throws IOException {
    out.close();
    out = null;
    parts.add(
        new ManifestFile.Part(
            relativeFolder + "/" + path.getName(), bytes, firstRecord, records, skipBytes));
    firstRecord += records;
    bytes = 0;
    records = 0;
    skipBytes = 0;
  }

  List<ManifestFile.Part> parts() {
    return parts;
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      endPart();
    }
  }
}
