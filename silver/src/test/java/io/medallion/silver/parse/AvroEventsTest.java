package io.medallion.silver.parse;

import static io.medallion.silver.parse.OrderEvents.deleted;
import static io.medallion.silver.parse.OrderEvents.reasons;
import static io.medallion.silver.parse.OrderEvents.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class AvroEventsTest {
  private static final String SCHEMA =
      """
      {"type": "record", "name": "OrderEvent", "fields": [
        {"name": "op", "type": ["null", "string"], "default": null},
        {"name": "id", "type": "string"},
        {"name": "line", "type": "int"},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "amount", "default": null, "type": ["null",
          {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 4}]},
        {"name": "state", "default": null,
          "type": ["null", {"type": "enum", "name": "State", "symbols": ["new", "sent"]}]},
        {"name": "note", "type": ["null", "string"], "default": null},
        {"name": "updated", "default": null,
          "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
        {"name": "tags", "default": [], "type": {"type": "array", "items": "string"}},
        {"name": "share", "default": null, "type": ["null", "double"]}]}
      """;

  private static final Contract CONTRACT = OrderEvents.avro(SCHEMA, "");
  private static final Schema PARSED = new Schema.Parser().parse(SCHEMA);

  private static byte[] event(Consumer<GenericRecordBuilder> edit) {
    GenericRecordBuilder builder =
        new GenericRecordBuilder(PARSED)
            .set("id", "O1")
            .set("line", 2)
            .set("day", (int) LocalDate.of(2024, 3, 1).toEpochDay());
    edit.accept(builder);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericRecord>(PARSED).write(builder.build(), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Row parse(byte[] value) {
    return OrderEvents.parse(CONTRACT, null, value, Map.of());
  }

  @Test
  void takesEveryTypeExactly() {
    Row row =
        parse(
            event(
                b ->
                    b.set(
                            "amount",
                            ByteBuffer.wrap(
                                new BigDecimal("-0.1500").unscaledValue().toByteArray()))
                        .set(
                            "state",
                            new GenericData.EnumSymbol(
                                PARSED.getField("state").schema().getTypes().get(1), "new"))
                        .set("note", " n ")
                        .set("updated", 1_709_287_200_000_001L)
                        .set("tags", Arrays.asList("a", "b"))
                        .set("share", 0.5)));

    assertThat(reasons(row)).isEmpty();
    assertThat(values(row))
        .containsExactly(
            "O1",
            2L,
            Date.valueOf("2024-03-01"),
            new BigDecimal("-0.15"),
            "new",
            "n",
            Timestamp.from(Instant.parse("2024-03-01T10:00:00.000001Z")),
            "{\"share\":0.5,\"tags\":[\"a\",\"b\"]}");
  }

  @Test
  void refusesADecimalThatTheColumnCannotHold() {
    byte[] value =
        event(
            b ->
                b.set(
                    "amount",
                    ByteBuffer.wrap(new BigDecimal("0.1234").unscaledValue().toByteArray())));

    assertThat(reasons(parse(value)))
        .containsExactly("amount_type(amount): amount is not a decimal(10,2): '0.1234'");
  }

  @Test
  void refusesADayThatNoDateHolds() {
    assertThat(reasons(parse(event(b -> b.set("day", Integer.MAX_VALUE)))))
        .singleElement()
        .asString()
        .startsWith("day_type(day): day is not of the years 1 to 9999 where a text is due");
  }

  @Test
  void takesADeleteByOperation() {
    Row row = parse(event(b -> b.set("op", "delete").set("updated", 0L)));

    assertThat(deleted(row)).isTrue();
    assertThat(values(row).get(2)).isNull();
    assertThat(reasons(parse(event(b -> b.set("op", "drop")))))
        .containsExactly("operation(): op is not one of delete, upsert: 'drop'");
  }

  @Test
  void refusesWhatEndsTooEarlyOrTooLate() {
    byte[] value = event(b -> {});

    assertThat(reasons(parse(Arrays.copyOf(value, value.length - 1))))
        .singleElement()
        .asString()
        .startsWith("avro(): the value is not the schema's: ");
    assertThat(reasons(parse(Arrays.copyOf(value, value.length + 3))))
        .containsExactly(
            "avro(): the value is not the schema's: 3 bytes are left behind the record");
    assertThat(reasons(parse(new byte[0]))).singleElement().asString().startsWith("avro(): ");
  }

  @Test
  void refusesLengthsThatNoMemoryHolds() {
    // The first branch of the union, then a text of 2 GiB.
    byte[] value = {0, (byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 'x'};

    assertThat(reasons(parse(value)))
        .containsExactly(
            "avro(): the value is not the schema's: a length of 2147483647 where 1 bytes are left");
  }

  @Test
  void refusesRandomBytesAndNeverFails() {
    Random random = new Random(17);
    EventParser parser = OrderEvents.parser(CONTRACT);
    int sound = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] value = new byte[random.nextInt(60)];
      random.nextBytes(value);
      sound += reasons(OrderEvents.parse(parser, null, value, Map.of())).isEmpty() ? 1 : 0;
    }
    assertThat(sound).isLessThan(100);
  }

  @Test
  void readsBehindARegistryHeaderWhereTheFeedHasOne() {
    Contract framed = OrderEvents.avro(SCHEMA, "\n            framing: registry");
    byte[] value = event(b -> {});
    byte[] header = new byte[value.length + 5];
    header[4] = 9;
    System.arraycopy(value, 0, header, 5, value.length);

    Row row = OrderEvents.parse(framed, null, header, Map.of());
    assertThat(reasons(row)).isEmpty();
    assertThat(values(row)).startsWith("O1", 2L);
    header[0] = 1;
    assertThat(reasons(OrderEvents.parse(framed, null, header, Map.of())))
        .containsExactly("avro(): the value does not begin with a schema registry's header");
    assertThat(reasons(parse(header))).isNotEmpty();
  }
}
