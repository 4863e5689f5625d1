package io.medallion.bronze;

import io.medallion.core.csv.CsvRecords;
import io.medallion.core.lake.Lake;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds a record's raw text again in the file that brought it. */
public final class LandedRecords {
  private final Lake lake;
  private final Configuration hadoop;

  public LandedRecords(Lake lake, Configuration hadoop) {
    this.lake = lake;
    this.hadoop = hadoop;
  }

  /**
   * The raw text of a record, in its file's encoding, without its terminator.
   *
   * @param recordNumber from 1
   * @return empty where the file has no such record
   * @throws IOException where the landed file cannot be read
   */
  public Optional<String> text(FileLanding file, long recordNumber) throws IOException {
    for (ManifestFile.Part part : file.parts()) {
      long offset = recordNumber - part.firstRecord();
      if (offset >= 0 && offset < part.records()) {
        return Optional.of(read(file, part, offset));
      }
    }
    return Optional.empty();
  }

  private String read(FileLanding file, ManifestFile.Part part, long offset) throws IOException {
    Path path = new Path(lake.root() + "/" + part.path());
    InputStream in = path.getFileSystem(hadoop).open(path);
    in.skipNBytes(part.skipBytes());
    try (CsvRecords records =
        CsvRecords.ofPart(
            in,
            file.format().delimiter().charAt(0),
            CsvRecords.Newline.valueOf(file.format().newline()),
            file.format().header().size())) {
      for (long skipped = 0; skipped <= offset; skipped++) {
        if (!records.next()) {
          throw new IOException(path + " ends before record " + (part.firstRecord() + offset));
        }
      }
      return new String(records.content(), Charset.forName(file.format().encoding()));
    }
  }
}
