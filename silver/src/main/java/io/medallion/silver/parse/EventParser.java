package io.medallion.silver.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.contract.LogicalType;
import io.medallion.core.contract.Topic;
import io.medallion.silver.parse.EventFields.FieldValue;
import io.medallion.silver.parse.EventFields.TextValue;
import io.medallion.silver.parse.EventFields.TypedValue;
import io.medallion.silver.parse.EventFields.UnfitValue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.sql.Timestamp;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Turns one event of a topic into a row of {@link SilverColumns#parsed}. Never fails: what is wrong
 * with an event is in its reasons. Not thread-safe; made once per task.
 *
 * <p>A delete is a row that holds the business key and the sequence columns only: it says that the
 * key has no row from there on.
 */
public final class EventParser {
  private static final byte[] NO_BYTES = new byte[0];

  private final EventLayout layout;
  private final Conformer conformer;
  private final EventFormat format;
  private final JsonEvents keys;

  public EventParser(EventLayout layout) {
    this.layout = layout;
    this.conformer = new Conformer(layout.columns());
    this.format = EventFormat.of(layout);
    this.keys = new JsonEvents(layout);
  }

  /**
   * An event as it landed.
   *
   * @param fileId of the manifest's row that it belongs to
   * @param key null where it has none
   * @param value null where it has none
   * @param headers in UTF-8; of several of one name the last
   */
  public record Event(
      String fileId,
      long landingSeq,
      long offset,
      Timestamp timestamp,
      byte[] key,
      byte[] value,
      Map<String, byte[]> headers) {}

  /** Parses an event. */
  public Row parse(Event event) {
    Conformer.Findings findings = new Conformer.Findings();
    Object[] values = new Object[layout.columns().size() + 8];
    boolean deleted = false;
    try {
      if (event.value() == null) {
        deleted = true;
        tombstone(event, values, findings);
      } else {
        checkSize(event.value());
        EventFields fields = format.read(event.value());
        deleted = deletes(fields.operation());
        if (deleted) {
          conform(fields.values(), keyAndSequence(), values, findings);
        } else {
          conform(fields.values(), null, values, findings);
          values[layout.columns().size()] = fields.rescued();
        }
      }
    } catch (ValueFormatException e) {
      findings.reject(e.rule(), "", e.getMessage());
    }
    int next = layout.columns().size() + 1;
    values[next++] = event.fileId();
    values[next++] = event.offset();
    values[next++] = event.landingSeq();
    values[next++] = event.value() == null ? NO_BYTES : event.value();
    values[next++] = findings.reasons.toArray(Row[]::new);
    values[next++] = findings.warnings.toArray(String[]::new);
    values[next] = deleted;
    return RowFactory.create(values);
  }

  private void checkSize(byte[] value) throws ValueFormatException {
    if (value.length > layout.maxValueBytes()) {
      throw new ValueFormatException(
          "value_size",
          "the value has %d bytes where the feed admits %d"
              .formatted(value.length, layout.maxValueBytes()));
    }
  }

  private boolean deletes(Optional<FieldValue> operation) throws ValueFormatException {
    if (operation.isEmpty()) {
      return false;
    }
    Topic.Operation known = layout.operation().orElseThrow();
    if (operation.get() instanceof TextValue text) {
      if (known.deletes().contains(text.text())) {
        return true;
      } else if (known.upserts().contains(text.text())) {
        return false;
      }
    }
    TreeSet<String> all = new TreeSet<>(known.upserts());
    all.addAll(known.deletes());
    throw new ValueFormatException(
        "operation",
        known.field()
            + " is not one of "
            + String.join(", ", all)
            + ": "
            + operation.get().shown());
  }

  private TreeSet<Integer> keyAndSequence() {
    TreeSet<Integer> places = new TreeSet<>(layout.key());
    places.addAll(layout.sequence());
    return places;
  }

  private void tombstone(Event event, Object[] values, Conformer.Findings findings)
      throws ValueFormatException {
    Topic.Tombstone tombstone =
        layout
            .tombstone()
            .orElseThrow(
                () ->
                    new ValueFormatException(
                        "tombstone",
                        "the event has no value, and the contract does not say what its key is"));
    if (event.key() == null) {
      throw new ValueFormatException("key", "the event has neither value nor key");
    }
    FieldValue[] found;
    try {
      found =
          tombstone.key() == Topic.KeyFormat.JSON ? keys.readKey(event.key()) : text(event.key());
    } catch (ValueFormatException e) {
      throw new ValueFormatException("key", e.getMessage());
    }
    for (Map.Entry<String, Topic.SequenceSource> source : tombstone.sequence().entrySet()) {
      int column = layout.column(source.getKey());
      if (source.getValue() instanceof Topic.Header header) {
        byte[] text = event.headers().get(header.name());
        found[column] = text == null ? null : new TextValue(decoded(text, "header"));
      } else {
        found[column] = new TypedValue(event.timestamp());
      }
    }
    conform(found, keyAndSequence(), values, findings);
  }

  private FieldValue[] text(byte[] key) throws ValueFormatException {
    FieldValue[] values = new FieldValue[layout.columns().size()];
    values[layout.key().get(0)] = new TextValue(decoded(key, "key"));
    return values;
  }

  private static String decoded(byte[] bytes, String what) throws ValueFormatException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ValueFormatException("encoding", "the " + what + " is not valid UTF-8");
    }
  }

  /**
   * @param places of the columns that count; null for all
   */
  private void conform(
      FieldValue[] found, TreeSet<Integer> places, Object[] values, Conformer.Findings findings) {
    for (int i = 0; i < found.length; i++) {
      if (places != null && !places.contains(i)) {
        continue;
      }
      FieldValue value = found[i];
      if (value instanceof TypedValue typed) {
        values[i] = typed.value();
      } else if (value instanceof UnfitValue unfit) {
        ColumnLayout column = layout.columns().get(i);
        findings.reject(
            column.name() + "_type",
            column.name(),
            column.name()
                + " is "
                + unfit.kind()
                + " where "
                + wanted(column.type())
                + " is due: "
                + unfit.shown());
      } else if (value instanceof TextValue text && text.text().indexOf('\0') >= 0) {
        String name = layout.columns().get(i).name();
        findings.reject("nul_byte", name, name + " holds a NUL character");
      } else {
        values[i] = conformer.conform(i, value instanceof TextValue t ? t.text() : null, findings);
      }
    }
  }

  private static String wanted(LogicalType type) {
    if (type instanceof LogicalType.Whole || type instanceof LogicalType.Exact) {
      return "a number";
    }
    return type instanceof LogicalType.Bool ? "true or false" : "a text";
  }

  /**
   * The value of a column that two fields of an event are.
   *
   * @param before null where this is the first of them
   * @throws ValueFormatException where they differ
   */
  static FieldValue once(ColumnLayout column, FieldValue before, FieldValue now)
      throws ValueFormatException {
    boolean same =
        before instanceof TextValue a && now instanceof TextValue b
            ? Conformer.trim(a.text()).equals(Conformer.trim(b.text()))
            : now.equals(before);
    if (before == null || same) {
      return now;
    }
    throw new ValueFormatException(
        "duplicate_column",
        "%s stands twice in the event, here as %s and as %s"
            .formatted(column.name(), before.shown(), now.shown()));
  }
}
