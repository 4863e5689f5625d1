package io.medallion.silver.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.medallion.core.contract.LogicalType;
import io.medallion.silver.parse.EventFields.FieldValue;
import io.medallion.silver.parse.EventFields.TextValue;
import io.medallion.silver.parse.EventFields.UnfitValue;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One JSON object per value, read strictly: a name occurs once, a number is a number and a text a
 * text, and nothing follows the object. Numbers are taken as they are written: a tree of nodes
 * would make some of them doubles.
 */
final class JsonEvents implements EventFormat {
  private static final int MAX_DEPTH = 100;

  /** What Java decodes bytes to that are not valid. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final int MAX_PLAIN_DIGITS = 1_000;
  private static final int MAX_MESSAGE_CHARACTERS = 200;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final EventLayout layout;
  private final FieldColumns columns;

  JsonEvents(EventLayout layout) {
    this.layout = layout;
    this.columns = new FieldColumns(layout);
  }

  /** What becomes of an object's fields, one after the other. */
  private interface FieldReader {
    void field(String name, JsonToken token, JsonParser parser)
        throws IOException, ValueFormatException;
  }

  @Override
  public EventFields read(byte[] value) throws ValueFormatException {
    FieldValue[] values = new FieldValue[layout.columns().size()];
    TreeMap<String, String> rescued = new TreeMap<>();
    FieldValue[] operation = new FieldValue[1];
    object(
        value,
        "value",
        (name, token, parser) -> {
          int column = columns.of(name);
          if (column >= 0) {
            put(values, column, token, parser);
          } else if (column == FieldColumns.OPERATION) {
            operation[0] =
                token == JsonToken.VALUE_STRING
                    ? new TextValue(parser.getText())
                    : unfit(token, parser);
          } else {
            rescued.put(name, json(parser));
          }
        });
    return new EventFields(
        values, Optional.ofNullable(operation[0]), rescued.isEmpty() ? null : json(rescued));
  }

  /**
   * The columns of a business key, of the JSON object that {@code key} is.
   *
   * @throws ValueFormatException where it is none
   */
  FieldValue[] readKey(byte[] key) throws ValueFormatException {
    FieldValue[] values = new FieldValue[layout.columns().size()];
    object(
        key,
        "key",
        (name, token, parser) -> {
          int column = columns.of(name);
          if (column >= 0) {
            put(values, column, token, parser);
          } else {
            parser.skipChildren();
          }
        });
    return values;
  }

  private void put(FieldValue[] values, int column, JsonToken token, JsonParser parser)
      throws IOException, ValueFormatException {
    ColumnLayout of = layout.columns().get(column);
    values[column] = EventParser.once(of, values[column], value(of, token, parser));
  }

  /** Reads an object to its end, and sees that nothing follows it. Fields of null are none. */
  private static void object(byte[] bytes, String what, FieldReader fields)
      throws ValueFormatException {
    String text = decoded(bytes, what);
    if (text.isBlank()) {
      throw new ValueFormatException("blank_record", "the " + what + " is blank");
    }
    Optional<ValueFormatException> unfit = Optional.empty();
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new ValueFormatException(
            "json", "the " + what + " is no JSON object but " + kind(first));
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.getCurrentName();
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
          continue;
        }
        try {
          fields.field(name, token, parser);
        } catch (ValueFormatException e) {
          // Told only where the rest is JSON: what is no JSON has no fields.
          unfit = unfit.or(() -> Optional.of(e));
        }
      }
      if (parser.nextToken() != null) {
        throw new ValueFormatException(
            "json", "the " + what + " is not JSON: something follows the object");
      }
    } catch (JsonProcessingException e) {
      throw new ValueFormatException("json", "the " + what + " is not JSON" + place(e));
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be read", e);
    }
    if (unfit.isPresent()) {
      throw unfit.get();
    }
  }

  private static String decoded(byte[] bytes, String what) throws ValueFormatException {
    String text = new String(bytes, UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    // The value itself may contain it; the slow decoder decides.
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ValueFormatException("encoding", "the " + what + " is not valid UTF-8");
    }
  }

  private static String place(JsonProcessingException e) {
    String why = e.getOriginalMessage().lines().findFirst().orElse("");
    if (why.length() > MAX_MESSAGE_CHARACTERS) {
      why = why.substring(0, MAX_MESSAGE_CHARACTERS) + "…";
    }
    return e.getLocation() == null
        ? ": " + why
        : " at line %d, column %d: %s"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), why);
  }

  private static FieldValue value(ColumnLayout column, JsonToken token, JsonParser parser)
      throws IOException {
    LogicalType type = column.type();
    boolean number = type instanceof LogicalType.Whole || type instanceof LogicalType.Exact;
    boolean bool = type instanceof LogicalType.Bool;
    if (number && token.isNumeric()) {
      return new TextValue(number(parser.getText()));
    } else if ((bool && token.isBoolean())
        || (token == JsonToken.VALUE_STRING && !number && !bool)) {
      return new TextValue(parser.getText());
    }
    return unfit(token, parser);
  }

  private static UnfitValue unfit(JsonToken token, JsonParser parser) throws IOException {
    String shown = token.isStructStart() ? json(parser) : parser.getText();
    return new UnfitValue(kind(token), "'" + Conformer.shown(shown) + "'");
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_STRING -> "a text";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      default -> "null";
    };
  }

  /** Without an exponent, which columns do not take, where that is not absurdly long. */
  private static String number(String text) {
    boolean exponent = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    if (!exponent || text.length() > MAX_PLAIN_DIGITS) {
      return text;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      boolean plain = Math.abs((long) value.scale()) <= MAX_PLAIN_DIGITS;
      return plain ? value.toPlainString() : text;
    } catch (NumberFormatException e) {
      // An exponent of more digits than any number has: the column refuses the text.
      return text;
    }
  }

  /** The value at the parser's position, with all that it contains. */
  private static String json(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      int depth = 0;
      for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token.isNumeric()) {
          out.writeNumber(parser.getText());
        } else {
          out.copyCurrentEvent(parser);
        }
        if (depth == 0) {
          break;
        }
      }
    }
    return text.toString();
  }

  private static String json(Map<String, String> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      for (Map.Entry<String, String> field : fields.entrySet()) {
        out.writeFieldName(field.getKey());
        out.writeRawValue(field.getValue());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be written", e);
    }
    return text.toString();
  }
}
