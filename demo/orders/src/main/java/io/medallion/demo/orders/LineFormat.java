package io.medallion.demo.orders;

import static io.medallion.demo.orders.OrderColumn.*;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From an order line to the fields of a record and their text. */
public final class LineFormat {
  private static final List<String> PADDING = List.of(" ", "  ", "\u00a0", " \u00a0");

  private final FileStyle style;

  public LineFormat(FileStyle style) {
    this.style = style;
  }

  public Map<OrderColumn, String> fields(OrderLine line) {
    Map<OrderColumn, String> fields = new EnumMap<>(OrderColumn.class);
    fields.put(ROW_ID, Long.toString(line.key().rowId()));
    fields.put(ORDER_ID, line.key().orderId());
    fields.put(ORDER_DATE, date(line.orderDate()));
    fields.put(SHIP_DATE, line.shipDate().map(this::date).orElse(""));
    fields.put(SHIP_MODE, line.shipMode());
    fields.put(CUSTOMER_ID, line.customer().id());
    fields.put(CUSTOMER_NAME, line.customer().name());
    fields.put(SEGMENT, line.customer().segment());
    fields.put(CITY, line.store().city());
    fields.put(STATE, line.store().state());
    fields.put(COUNTRY, line.store().country());
    fields.put(POSTAL_CODE, line.store().postalCode().orElse(""));
    fields.put(MARKET, line.store().market());
    fields.put(REGION, line.store().region());
    fields.put(PRODUCT_ID, line.product().id());
    fields.put(CATEGORY, line.product().category());
    fields.put(SUB_CATEGORY, line.product().subCategory());
    fields.put(PRODUCT_NAME, line.product().name());
    fields.put(SALES, number(line.amounts().sales()));
    fields.put(QUANTITY, Integer.toString(line.amounts().quantity()));
    fields.put(DISCOUNT, number(line.amounts().discount()));
    fields.put(PROFIT, number(line.amounts().profit()));
    fields.put(SHIPPING_COST, number(line.amounts().shippingCost()));
    fields.put(ORDER_PRIORITY, line.priority());
    line.updatedAt()
        .ifPresent(at -> fields.put(UPDATED_AT, DateTimeFormatter.ISO_INSTANT.format(at)));
    return fields;
  }

  /** Other text for the same values: white space around texts and numbers, zeros at the end. */
  public void disguise(Map<OrderColumn, String> fields, Dice dice) {
    for (OrderColumn column : List.of(CUSTOMER_NAME, PRODUCT_NAME, CITY, SALES)) {
      fields.compute(column, (key, text) -> dice.oneOf(PADDING) + text + dice.oneOf(PADDING));
    }
    fields.computeIfPresent(DISCOUNT, (key, text) -> text.contains(".") ? text + "0" : text + ".0");
    fields.computeIfPresent(
        POSTAL_CODE, (key, text) -> text.isEmpty() ? dice.oneOf(PADDING) : text);
  }

  /** The fields in the file's order, the surplus column's included. */
  List<String> inFileOrder(Map<OrderColumn, String> fields) {
    List<String> values = new ArrayList<>(style.columns().size() + 1);
    for (OrderColumn column : style.columns()) {
      values.add(fields.get(column));
    }
    surplus(fields).ifPresent(values::add);
    return values;
  }

  /** The value of the column that the contract lacks, where the file has one. */
  Optional<String> surplus(Map<OrderColumn, String> fields) {
    return style.surplusColumn()
        ? Optional.of(Integer.toString(fields.get(CUSTOMER_ID).length() * 11))
        : Optional.empty();
  }

  private String date(LocalDate date) {
    return style.dates().format(date);
  }

  private static String number(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
