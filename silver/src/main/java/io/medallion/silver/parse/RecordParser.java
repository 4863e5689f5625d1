package io.medallion.silver.parse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medallion.core.csv.CsvRecords;
import io.medallion.core.csv.Encodings;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Turns one raw record into a row of {@link SilverColumns#parsed}. Never fails: what is wrong with
 * a record is in its reasons. Not thread-safe; made once per task.
 */
public final class RecordParser {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<ColumnLayout> columns;
  private final Conformer conformer;
  private final Encodings encodings;

  public RecordParser(List<ColumnLayout> columns, List<String> encodings) {
    this.columns = columns;
    this.conformer = new Conformer(columns);
    this.encodings = new Encodings(encodings.stream().map(Charset::forName).toList());
  }

  /**
   * Parses a record.
   *
   * @param file the file that holds the record
   * @param broken whether its quotes are unbalanced
   * @param bytes its bytes, without terminator
   */
  public Row parse(FileSlice file, long recordNumber, boolean broken, byte[] bytes) {
    Conformer.Findings findings = new Conformer.Findings();
    Object[] values = new Object[columns.size() + 8];
    fields(file, broken, bytes, findings)
        .ifPresent(fields -> conform(file, fields, values, findings));
    int next = columns.size() + 1;
    values[next++] = file.fileId();
    values[next++] = recordNumber;
    values[next++] = file.landingSeq();
    values[next++] = bytes;
    values[next++] = findings.reasons.toArray(Row[]::new);
    values[next++] = findings.warnings.toArray(String[]::new);
    values[next] = false;
    return RowFactory.create(values);
  }

  /** Returns the record's fields, or nothing where it cannot be split for certain. */
  private Optional<List<String>> fields(
      FileSlice file, boolean broken, byte[] bytes, Conformer.Findings findings) {
    boolean blank = true;
    boolean nul = false;
    for (byte b : bytes) {
      nul |= b == 0;
      blank &= b == ' ' || b == '\t' || b == '\r' || b == file.delimiter() || b == '"';
    }
    Charset charset = Charset.forName(file.encoding());
    Optional<String> doubt = encodings.doubt(charset, bytes, 0, bytes.length);
    if (blank) {
      findings.reject("blank_record", "", "the record is blank");
      return Optional.empty();
    }
    if (nul) {
      findings.reject("nul_byte", "", "the record holds a NUL byte");
    }
    doubt.ifPresent(why -> findings.reject("encoding", "", "the record " + why));
    if (broken) {
      findings.reject("quoting", "", "the record has an unbalanced or misplaced quote");
      return Optional.empty();
    }
    int expected = file.columns().size();
    int count = CsvRecords.countFields(bytes, file.delimiter());
    if (count != expected) {
      findings.reject(
          "field_count",
          "",
          "the record has " + count + " fields where the header has " + expected);
      return Optional.empty();
    }
    return Optional.of(CsvRecords.split(bytes, 0, bytes.length, file.delimiter(), charset));
  }

  private void conform(
      FileSlice file, List<String> fields, Object[] values, Conformer.Findings findings) {
    String[] texts = new String[columns.size()];
    Map<String, String> rescued = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      String text = fields.get(i);
      int column = file.columns().get(i);
      if (column < 0) {
        if (!text.isBlank()) {
          rescued.put(file.rescuedNames().get(i), text);
        }
      } else if (texts[column] == null) {
        texts[column] = text;
      } else if (!Conformer.trim(texts[column]).equals(Conformer.trim(text))) {
        String name = columns.get(column).name();
        findings.reject(
            "duplicate_column",
            name,
            name
                + " stands twice in the header, here as '"
                + Conformer.shown(texts[column])
                + "' and as '"
                + Conformer.shown(text)
                + "'");
      }
    }
    for (int i = 0; i < texts.length; i++) {
      values[i] = conformer.conform(i, texts[i], findings);
    }
    values[columns.size()] = rescued.isEmpty() ? null : json(rescued);
  }

  private static String json(Map<String, String> rescued) {
    try {
      return JSON.writeValueAsString(rescued);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }
}
