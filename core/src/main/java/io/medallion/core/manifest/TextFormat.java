package io.medallion.core.manifest;

import java.io.Serializable;
import java.util.List;

/**
 * How a CSV file's text is to be read. Of a rejected file, as far as bronze found it out: the rest
 * is blank.
 *
 * @param encoding the character encoding
 * @param newline {@code LF} or {@code CR}
 * @param header column names as they are in the file
 */
public record TextFormat(String encoding, String newline, String delimiter, List<String> header)
    implements Serializable {

  /** Of events, which are Parquet files whose values are text or bytes. */
  static final TextFormat EVENTS = new TextFormat("UTF-8", "", "", List.of());

  public TextFormat {
    header = List.copyOf(header);
  }

  boolean complete() {
    return !encoding.isBlank()
        && !newline.isBlank()
        && delimiter.length() == 1
        && !header.isEmpty();
  }
}
