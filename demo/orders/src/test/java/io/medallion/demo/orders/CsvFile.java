package io.medallion.demo.orders;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A CSV file as a careful reader sees it. It shares no code with the writer.
 *
 * @param encoding UTF-8, or windows-1252 where the bytes are no UTF-8 and no byte order mark says
 *     so
 * @param records the header first; the fields of a record whose quotes do not close are those of
 *     its physical line, with the quote left in
 */
public record CsvFile(
    Charset encoding, boolean byteOrderMark, String text, List<List<String>> records) {

  public static CsvFile read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (file.toString().endsWith(".gz")) {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        bytes = in.readAllBytes();
      }
    }
    boolean mark =
        bytes.length > 2
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    if (mark) {
      String text = new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
      return new CsvFile(StandardCharsets.UTF_8, true, text, split(text));
    }
    Charset charset = isUtf8(bytes) ? StandardCharsets.UTF_8 : Charset.forName("windows-1252");
    String text = new String(bytes, charset);
    return new CsvFile(charset, false, text, split(text));
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static List<List<String>> split(String text) {
    List<List<String>> records = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      List<String> fields = new ArrayList<>();
      int end = strictly(text, at, fields);
      if (end < 0) {
        fields.clear();
        end = text.indexOf('\n', at);
        end = end < 0 ? text.length() : end;
        String line = text.substring(at, end);
        fields.addAll(
            List.of(
                (line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)
                    .split(",", -1)));
      }
      records.add(fields);
      at = end + 1;
    }
    return records;
  }

  /** The index of the line feed that ends the record, or -1 if its quotes are not in order. */
  private static int strictly(String text, int at, List<String> fields) {
    int i = at;
    while (true) {
      StringBuilder field = new StringBuilder();
      if (i < text.length() && text.charAt(i) == '"') {
        i++;
        while (true) {
          int quote = text.indexOf('"', i);
          if (quote < 0) {
            return -1;
          }
          field.append(text, i, quote);
          i = quote + 1;
          if (i < text.length() && text.charAt(i) == '"') {
            field.append('"');
            i++;
          } else {
            break;
          }
        }
      } else {
        while (i < text.length()
            && text.charAt(i) != ','
            && text.charAt(i) != '\n'
            && text.charAt(i) != '\r') {
          field.append(text.charAt(i++));
        }
      }
      fields.add(field.toString());
      if (i < text.length() && text.charAt(i) == '\r') {
        i++;
      }
      if (i == text.length() || text.charAt(i) == '\n') {
        return i;
      }
      if (text.charAt(i) != ',') {
        return -1;
      }
      i++;
    }
  }
}
