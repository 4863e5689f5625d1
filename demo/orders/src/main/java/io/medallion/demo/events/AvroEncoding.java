package io.medallion.demo.events;

import static io.medallion.demo.orders.OrderColumn.*;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.demo.orders.Dice;
import io.medallion.demo.orders.OrderColumn;
import io.medallion.demo.orders.OrderLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Events as Avro records, plain or behind a schema registry's header. */
final class AvroEncoding implements EventEncoding {
  /** The schema as JSON. */
  static final String SCHEMA = schema();

  private static final int LONG_VALUE = 5_000_000;
  private static final byte[] HEADER = {0, 0, 0, 0, 7};

  private static final Schema PARSED = new Schema.Parser().parse(SCHEMA);

  private final boolean registry;

  AvroEncoding(boolean registry) {
    this.registry = registry;
  }

  private static String schema() {
    try (InputStream in = AvroEncoding.class.getResourceAsStream("order-event.avsc")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the schema of events cannot be read", e);
    }
  }

  @Override
  public byte[] upsert(Change.Upsert change) {
    return bytes(record(change));
  }

  /** Avro has one encoding for each value. */
  @Override
  public byte[] disguised(Change.Upsert change, Dice dice) {
    return upsert(change);
  }

  @Override
  public byte[] delete(OrderLine.Key key, Instant at) {
    return bytes(deletion(key, at));
  }

  @Override
  public List<EventFault> faults() {
    return EventFault.ofAvro(registry);
  }

  @Override
  public Optional<byte[]> broken(EventFault fault, Change.Upsert change, Dice dice) {
    GenericRecord record = record(change);
    byte[] sound = bytes(record);
    return switch (fault) {
      case TRUNCATED -> Optional.of(Arrays.copyOf(sound, sound.length / 2));
      case BINARY -> Optional.of(JsonEncoding.binary(dice));
      case EMPTY -> Optional.of(new byte[0]);
      case TRAILING_BYTES -> Optional.of(Arrays.copyOf(sound, sound.length + 3));
      case HEADER_OF_NO_REGISTRY -> {
        sound[0] = 1;
        yield Optional.of(sound);
      }
      case TOMBSTONE_WITHOUT_KEY, TOMBSTONE_WITH_BROKEN_KEY -> Optional.empty();
      case DELETE_WITHOUT_ROW_ID -> {
        GenericRecord deletion = deletion(change.key(), change.at());
        put(deletion, ROW_ID, null);
        yield Optional.of(bytes(deletion));
      }
      default -> {
        put(record, fault, change.line());
        yield Optional.of(bytes(record));
      }
    };
  }

  private static void put(GenericRecord record, EventFault fault, OrderLine line) {
    if (fault.column().isPresent() && fault.literal().isEmpty()) {
      put(record, fault.column().get(), null);
      return;
    }
    switch (fault) {
      case VALUE_OF_FIVE_MEGABYTES -> put(record, PRODUCT_NAME, "x".repeat(LONG_VALUE));
      case UNKNOWN_OPERATION -> record.put("op", "truncate");
      case NUL_CHARACTER -> put(record, CUSTOMER_NAME, "Nul\0l");
      case SALES_NEGATIVE -> put(record, SALES, decimal(new BigDecimal("-0.01000")));
      case QUANTITY_ZERO -> put(record, QUANTITY, 0);
      case DISCOUNT_ABOVE_ONE -> put(record, DISCOUNT, decimal(new BigDecimal("1.20000")));
      case SHIP_DATE_BEFORE_ORDER_DATE ->
          put(record, SHIP_DATE, (int) line.orderDate().toEpochDay() - 1);
      case SHIP_MODE_UNKNOWN -> put(record, SHIP_MODE, "Drone");
      case SEGMENT_UNKNOWN -> put(record, SEGMENT, "Wholesale");
      default -> throw new IllegalStateException("no Avro for " + fault);
    }
  }

  private static GenericRecord deletion(OrderLine.Key key, Instant at) {
    GenericRecord record = new GenericData.Record(PARSED);
    record.put("op", "delete");
    put(record, ORDER_ID, key.orderId());
    put(record, ROW_ID, key.rowId());
    put(record, UPDATED_AT, at.toEpochMilli());
    return record;
  }

  private static GenericRecord record(Change.Upsert change) {
    OrderLine line = change.line();
    GenericRecord record = new GenericData.Record(PARSED);
    record.put("op", change.operation());
    put(record, ROW_ID, line.key().rowId());
    put(record, ORDER_ID, line.key().orderId());
    put(record, ORDER_DATE, (int) line.orderDate().toEpochDay());
    put(record, SHIP_DATE, line.shipDate().map(date -> (int) date.toEpochDay()).orElse(null));
    put(record, SHIP_MODE, line.shipMode());
    put(record, CUSTOMER_ID, line.customer().id());
    put(record, CUSTOMER_NAME, line.customer().name());
    put(record, SEGMENT, line.customer().segment());
    put(record, CITY, line.store().city());
    put(record, STATE, line.store().state());
    put(record, COUNTRY, line.store().country());
    put(record, POSTAL_CODE, line.store().postalCode().orElse(null));
    put(record, MARKET, line.store().market());
    put(record, REGION, line.store().region());
    put(record, PRODUCT_ID, line.product().id());
    put(record, CATEGORY, line.product().category());
    put(record, SUB_CATEGORY, line.product().subCategory());
    put(record, PRODUCT_NAME, line.product().name());
    put(record, SALES, decimal(line.amounts().sales()));
    put(record, QUANTITY, line.amounts().quantity());
    put(record, DISCOUNT, decimal(line.amounts().discount()));
    put(record, PROFIT, decimal(line.amounts().profit()));
    put(record, SHIPPING_COST, decimal(line.amounts().shippingCost()));
    put(record, ORDER_PRIORITY, line.priority());
    put(record, UPDATED_AT, change.at().toEpochMilli());
    record.put("loyalty_points", change.surplus().map(Long::valueOf).orElse(null));
    return record;
  }

  private static void put(GenericRecord record, OrderColumn column, Object value) {
    record.put(column.snakeCase(), value);
  }

  private static ByteBuffer decimal(BigDecimal amount) {
    return ByteBuffer.wrap(amount.setScale(OrderLine.Amounts.SCALE).unscaledValue().toByteArray());
  }

  private byte[] bytes(GenericRecord record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    if (registry) {
      out.writeBytes(HEADER);
    }
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<GenericRecord>(PARSED).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be written", e);
    }
    return out.toByteArray();
  }
}
