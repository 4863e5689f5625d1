package io.medallion.demo.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One order line as the pipeline must understand it: trimmed, typed, blank fields absent. Two lines
 * are equal when all columns are.
 */
public record OrderLine(
    Key key,
    LocalDate orderDate,
    Optional<LocalDate> shipDate,
    String shipMode,
    String priority,
    Customer customer,
    Store store,
    Product product,
    Amounts amounts,
    Optional<Instant> updatedAt) {

  /** What identifies an order line. */
  public record Key(String orderId, long rowId) {}

  public record Customer(String id, String name, String segment) {}

  /** A selling location; the first four components identify it. */
  public record Store(
      String country,
      String state,
      String city,
      Optional<String> postalCode,
      String market,
      String region) {}

  public record Product(String id, String name, String category, String subCategory) {}

  /** Amounts in units of currency and the rate of discount, all with {@link #SCALE} digits. */
  public record Amounts(
      BigDecimal sales,
      int quantity,
      BigDecimal discount,
      BigDecimal profit,
      BigDecimal shippingCost) {

    public static final int SCALE = 5;

    /** Numbers that are equal must be so as records, too: one scale for all. */
    public Amounts {
      sales = sales.setScale(SCALE);
      discount = discount.setScale(SCALE);
      profit = profit.setScale(SCALE);
      shippingCost = shippingCost.setScale(SCALE);
    }
  }

  OrderLine withCustomer(Customer other) {
    return new OrderLine(
        key, orderDate, shipDate, shipMode, priority, other, store, product, amounts, updatedAt);
  }

  OrderLine withAmounts(Amounts other) {
    return new OrderLine(
        key, orderDate, shipDate, shipMode, priority, customer, store, product, other, updatedAt);
  }

  OrderLine withShipMode(String other) {
    return new OrderLine(
        key, orderDate, shipDate, other, priority, customer, store, product, amounts, updatedAt);
  }

  public OrderLine withUpdatedAt(Optional<Instant> other) {
    return new OrderLine(
        key, orderDate, shipDate, shipMode, priority, customer, store, product, amounts, other);
  }

  /** Moves the order date, and the ship date with it. */
  OrderLine movedBy(int days) {
    return new OrderLine(
        key,
        orderDate.plusDays(days),
        shipDate.map(date -> date.plusDays(days)),
        shipMode,
        priority,
        customer,
        store,
        product,
        amounts,
        updatedAt);
  }
}
