package io.medallion.demo.orders;

import static io.medallion.demo.orders.OrderColumn.*;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The ways in which a record breaks the contract. */
enum Fault {
  ROW_ID_MISSING(ROW_ID, ""),
  ORDER_ID_MISSING(ORDER_ID, ""),
  ORDER_DATE_MISSING(ORDER_DATE, " "),
  CUSTOMER_ID_MISSING(CUSTOMER_ID, "\u00a0"),
  PRODUCT_ID_MISSING(PRODUCT_ID, ""),
  SALES_MISSING(SALES, ""),
  QUANTITY_MISSING(QUANTITY, ""),
  SALES_NEGATIVE(SALES, "-0.01"),
  QUANTITY_ZERO(QUANTITY, "0"),
  QUANTITY_NEGATIVE(QUANTITY, "-3"),
  QUANTITY_FRACTIONAL(QUANTITY, "1.5"),
  DISCOUNT_ABOVE_ONE(DISCOUNT, "1.2"),
  DISCOUNT_NEGATIVE(DISCOUNT, "-0.1"),
  SHIPPING_COST_NEGATIVE(SHIPPING_COST, "-4.5"),
  SHIP_DATE_BEFORE_ORDER_DATE(Kind.SHIP_DATE),
  SHIP_MODE_UNKNOWN(SHIP_MODE, "Drone"),
  SEGMENT_UNKNOWN(SEGMENT, "Wholesale"),
  ORDER_PRIORITY_UNKNOWN(ORDER_PRIORITY, "Urgent"),
  NUMBER_GROUPED(SALES, "1,234.50"),
  NUMBER_WITH_CURRENCY(SHIPPING_COST, "$12"),
  NUMBER_NAN(PROFIT, "NaN"),
  NUMBER_OUT_OF_RANGE(SALES, "1e400"),
  NUMBER_WITH_TOO_MANY_INTEGER_DIGITS(SALES, "12345678901234.5"),
  NUMBER_WITH_TOO_MANY_FRACTION_DIGITS(PROFIT, "12.345678"),
  DATE_THAT_DOES_NOT_EXIST(ORDER_DATE, "2/30/2014"),
  DATE_WITH_TRAILING_TEXT(ORDER_DATE, "31-12-2013x"),
  DATE_OF_MONTH_13(SHIP_DATE, "2013-13-01"),
  BLANK_ROW(Kind.RAW),
  SHORT_ROW(Kind.RAW),
  LONG_ROW(Kind.RAW),
  UNBALANCED_QUOTE(Kind.RAW),
  NUL_BYTE(CUSTOMER_NAME, "Nul\u0000l"),
  INVALID_UTF8(Kind.RAW);

  private enum Kind {
    FIELD,
    SHIP_DATE,
    RAW
  }

  /** Neither these bytes nor any one after another are UTF-8; windows-1252 lacks the first, too. */
  private static final String NOT_UTF8 = "\u0081\u00ff";

  private final Kind kind;
  private final Optional<OrderColumn> column;
  private final String text;

  Fault(Kind kind) {
    this.kind = kind;
    this.column = Optional.empty();
    this.text = "";
  }

  Fault(OrderColumn column, String text) {
    this.kind = Kind.FIELD;
    this.column = Optional.of(column);
    this.text = text;
  }

  /** The faults that any file can have. */
  static List<Fault> ofAnyFile() {
    return Arrays.stream(values()).filter(fault -> fault != INVALID_UTF8).toList();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The text of a record that has this fault and no other.
   *
   * @return without a line end; that of {@link #INVALID_UTF8} has one character for each of its
   *     bytes
   */
  String recordOf(OrderLine line, FileStyle style) {
    LineFormat format = new LineFormat(style);
    Map<OrderColumn, String> fields = format.fields(line);
    column.ifPresent(broken -> fields.put(broken, text));
    if (kind == Kind.SHIP_DATE) {
      fields.put(SHIP_DATE, style.dates().format(line.orderDate().minusDays(1)));
    }
    if (kind != Kind.RAW) {
      return CsvText.record(format.inFileOrder(fields));
    }
    fields.replaceAll((key, value) -> value.replaceAll("[^ -~]|[\",]", "x"));
    List<String> values = format.inFileOrder(fields);
    return switch (this) {
      case BLANK_ROW -> ",".repeat(values.size() - 1);
      case SHORT_ROW -> String.join(",", values.subList(0, values.size() - 3));
      case LONG_ROW -> String.join(",", values) + ",surplus,values";
      case UNBALANCED_QUOTE -> {
        fields.compute(CUSTOMER_NAME, (key, value) -> "\"" + value);
        yield String.join(",", format.inFileOrder(fields));
      }
      case INVALID_UTF8 -> {
        fields.compute(CUSTOMER_NAME, (key, value) -> value + NOT_UTF8);
        yield String.join(",", format.inFileOrder(fields));
      }
      default -> throw new IllegalStateException("no raw record for " + this);
    };
  }
}
