package io.medallion.demo.events;

import static io.medallion.demo.orders.OrderColumn.*;

import io.medallion.demo.orders.OrderColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The ways in which an event cannot be taken. */
enum EventFault {
  TRUNCATED(Formats.BOTH),
  BINARY(Formats.BOTH),
  EMPTY(Formats.BOTH),
  VALUE_OF_FIVE_MEGABYTES(Formats.BOTH),
  TRAILING_BYTES(Formats.BOTH),
  UNKNOWN_OPERATION(Formats.BOTH),
  TOMBSTONE_WITHOUT_KEY(Formats.BOTH),
  TOMBSTONE_WITH_BROKEN_KEY(Formats.BOTH),
  DELETE_WITHOUT_ROW_ID(Formats.BOTH),
  NUL_CHARACTER(Formats.BOTH),
  INVALID_UTF8(Formats.JSON),
  ARRAY_OF_EVENTS(Formats.JSON),
  DUPLICATE_KEY(Formats.JSON),
  NESTED_WHERE_A_SCALAR_IS_DUE(Formats.JSON),
  NUMBER_AS_TEXT(Formats.JSON),
  TEXT_AS_NUMBER(Formats.JSON),
  QUANTITY_FRACTIONAL(QUANTITY, "1.5"),
  NUMBER_OUT_OF_RANGE(SALES, "1e400"),
  NUMBER_WITH_TOO_MANY_INTEGER_DIGITS(SALES, "12345678901234.5"),
  NUMBER_WITH_TOO_MANY_FRACTION_DIGITS(PROFIT, "12.345678"),
  DATE_THAT_DOES_NOT_EXIST(ORDER_DATE, "\"2014-02-30\""),
  DATE_OF_ANOTHER_PATTERN(ORDER_DATE, "\"31-12-2013\""),
  UPDATED_AT_IS_NO_TIME(UPDATED_AT, "\"yesterday\""),
  HEADER_OF_NO_REGISTRY(Formats.AVRO_REGISTRY),
  ORDER_ID_MISSING(ORDER_ID),
  CUSTOMER_ID_MISSING(CUSTOMER_ID),
  ORDER_DATE_MISSING(ORDER_DATE),
  QUANTITY_MISSING(QUANTITY),
  SALES_NEGATIVE(Formats.BOTH),
  QUANTITY_ZERO(Formats.BOTH),
  DISCOUNT_ABOVE_ONE(Formats.BOTH),
  SHIP_DATE_BEFORE_ORDER_DATE(Formats.BOTH),
  SHIP_MODE_UNKNOWN(Formats.BOTH),
  SEGMENT_UNKNOWN(Formats.BOTH);

  private enum Formats {
    BOTH,
    JSON,
    AVRO_REGISTRY
  }

  private final Formats formats;
  private final Optional<OrderColumn> column;
  private final Optional<String> literal;

  EventFault(Formats formats) {
    this.formats = formats;
    this.column = Optional.empty();
    this.literal = Optional.empty();
  }

  EventFault(OrderColumn column) {
    this.formats = Formats.BOTH;
    this.column = Optional.of(column);
    this.literal = Optional.empty();
  }

  EventFault(OrderColumn column, String literal) {
    this.formats = Formats.JSON;
    this.column = Optional.of(column);
    this.literal = Optional.of(literal);
  }

  static List<EventFault> ofJson() {
    return Arrays.stream(values()).filter(f -> f.formats != Formats.AVRO_REGISTRY).toList();
  }

  static List<EventFault> ofAvro(boolean registry) {
    return Arrays.stream(values())
        .filter(f -> f.formats == Formats.BOTH || (registry && f.formats == Formats.AVRO_REGISTRY))
        .toList();
  }

  /** The column that lacks its value, or has {@link #literal} for it. */
  Optional<OrderColumn> column() {
    return column;
  }

  /** JSON that the column has in place of its value. */
  Optional<String> literal() {
    return literal;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
