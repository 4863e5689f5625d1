package io.medallion.silver.parse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medallion.core.contract.Topic;
import io.medallion.silver.parse.EventFields.FieldValue;
import io.medallion.silver.parse.EventFields.TextValue;
import io.medallion.silver.parse.EventFields.TypedValue;
import io.medallion.silver.parse.EventFields.UnfitValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;

/** One Avro record per value, which must end where the value ends. */
final class AvroEvents implements EventFormat {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REGISTRY_HEADER_BYTES = 5;
  private static final int LAST_YEAR = 9999;

  private final EventLayout layout;
  private final FieldColumns columns;
  private final Topic.Framing framing;
  private final Schema schema;
  private final GenericDatumReader<GenericRecord> reader;

  AvroEvents(EventLayout layout, Topic.Avro format) {
    this.layout = layout;
    this.columns = new FieldColumns(layout);
    this.framing = format.framing();
    this.schema = new Schema.Parser().parse(format.schema());
    this.reader = new GenericDatumReader<>(schema);
  }

  @Override
  public EventFields read(byte[] value) throws ValueFormatException {
    GenericRecord record = record(value);
    FieldValue[] values = new FieldValue[layout.columns().size()];
    Optional<FieldValue> operation = Optional.empty();
    TreeMap<String, JsonNode> rescued = new TreeMap<>();
    for (Schema.Field field : schema.getFields()) {
      Object datum = record.get(field.pos());
      int column = columns.of(field.name());
      if (datum == null) {
        continue;
      } else if (column >= 0) {
        values[column] = value(branch(field.schema(), datum), datum);
      } else if (column == FieldColumns.OPERATION) {
        operation = Optional.of(new TextValue(datum.toString()));
      } else {
        rescued.put(field.name(), json(datum));
      }
    }
    return new EventFields(values, operation, rescued.isEmpty() ? null : json(rescued));
  }

  private GenericRecord record(byte[] value) throws ValueFormatException {
    int start = 0;
    if (framing == Topic.Framing.REGISTRY) {
      if (value.length < REGISTRY_HEADER_BYTES || value[0] != 0) {
        throw new ValueFormatException(
            "avro", "the value does not begin with a schema registry's header");
      }
      start = REGISTRY_HEADER_BYTES;
    }
    BoundedDecoder decoder = new BoundedDecoder(value, start);
    try {
      GenericRecord record = reader.read(null, decoder);
      if (decoder.remaining() > 0) {
        throw new ValueFormatException(
            "avro",
            "the value is not the schema's: "
                + decoder.remaining()
                + " bytes are left behind the record");
      }
      return record;
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
      throw new ValueFormatException("avro", "the value is not the schema's: " + why);
    }
  }

  private static Schema branch(Schema schema, Object datum) {
    return schema.getType() == Schema.Type.UNION
        ? schema.getTypes().get(GenericData.get().resolveUnion(schema, datum))
        : schema;
  }

  private static FieldValue value(Schema type, Object datum) {
    if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return new TextValue(unscaled(datum, decimal.getScale()).toPlainString());
    } else if (type.getLogicalType() instanceof LogicalTypes.Date) {
      LocalDate day = LocalDate.ofEpochDay((Integer) datum);
      return storable(day) ? new TypedValue(Date.valueOf(day)) : outOfRange(day);
    } else if (type.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
      return timestamp(Instant.ofEpochMilli((Long) datum));
    } else if (type.getLogicalType() instanceof LogicalTypes.TimestampMicros) {
      return timestamp(Instant.EPOCH.plus((Long) datum, ChronoUnit.MICROS));
    }
    return new TextValue(datum.toString());
  }

  private static FieldValue timestamp(Instant instant) {
    return storable(LocalDate.ofInstant(instant, ZoneOffset.UTC))
        ? new TypedValue(Timestamp.from(instant))
        : outOfRange(instant);
  }

  private static boolean storable(LocalDate day) {
    return day.getYear() >= 1 && day.getYear() <= LAST_YEAR;
  }

  private static UnfitValue outOfRange(Object value) {
    return new UnfitValue("not of the years 1 to 9999", "'" + value + "'");
  }

  private static BigDecimal unscaled(Object datum, int scale) {
    byte[] bytes;
    if (datum instanceof GenericFixed fixed) {
      bytes = fixed.bytes();
    } else {
      ByteBuffer buffer = ((ByteBuffer) datum).duplicate();
      bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
    }
    return new BigDecimal(bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes), scale);
  }

  private static JsonNode json(Object datum) {
    String text = GenericData.get().toString(datum);
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // Not all that Avro prints is JSON: numbers that are none, for example.
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  private static String json(TreeMap<String, JsonNode> fields) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.setAll(fields);
    return object.toString();
  }
}
