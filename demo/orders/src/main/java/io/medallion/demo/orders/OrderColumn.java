package io.medallion.demo.orders;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The canonical columns in canonical order; the last one is optional. */
public enum OrderColumn {
  ROW_ID("Row ID"),
  ORDER_ID("Order ID"),
  ORDER_DATE("Order Date"),
  SHIP_DATE("Ship Date"),
  SHIP_MODE("Ship Mode"),
  CUSTOMER_ID("Customer ID"),
  CUSTOMER_NAME("Customer Name"),
  SEGMENT("Segment"),
  CITY("City"),
  STATE("State"),
  COUNTRY("Country"),
  POSTAL_CODE("Postal Code"),
  MARKET("Market"),
  REGION("Region"),
  PRODUCT_ID("Product ID"),
  CATEGORY("Category"),
  SUB_CATEGORY("Sub-Category"),
  PRODUCT_NAME("Product Name"),
  SALES("Sales"),
  QUANTITY("Quantity"),
  DISCOUNT("Discount"),
  PROFIT("Profit"),
  SHIPPING_COST("Shipping Cost"),
  ORDER_PRIORITY("Order Priority"),
  UPDATED_AT("Updated At");

  private final String header;

  OrderColumn(String header) {
    this.header = header;
  }

  /** The spelling of the real files. */
  String header() {
    return header;
  }

  /** The spelling in lower case with underscores. */
  public String snakeCase() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<OrderColumn> canonical(boolean updatedAt) {
    return Arrays.stream(values()).filter(column -> updatedAt || column != UPDATED_AT).toList();
  }
}
