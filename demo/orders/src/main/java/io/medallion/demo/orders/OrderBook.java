package io.medallion.demo.orders;

import io.medallion.demo.orders.OrderLine.Amounts;
import io.medallion.demo.orders.OrderLine.Customer;
import io.medallion.demo.orders.OrderLine.Product;
import io.medallion.demo.orders.OrderLine.Store;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * All orders that there could be. Each line is a function of seed, order, line and revision, so
 * that any of them can be written again at any time without being kept.
 */
public final class OrderBook {
  static final List<String> SHIP_MODES =
      List.of("Standard Class", "Second Class", "First Class", "Same Day");
  static final List<String> PRIORITIES = List.of("Low", "Medium", "High", "Critical");

  /**
   * Numbers that lie between those of two regular orders, so that late orders sort by their date.
   */
  public static final int SLOTS = 10;

  /** The slot of orders that only faulty records name. */
  public static final int FAULTY_SLOT = SLOTS - 1;

  private static final int MOST_LINES = 4;

  private final long seed;
  private final long orders;
  private final boolean updatedAt;
  private final Catalogue catalogue;

  public OrderBook(long seed, long orders, boolean updatedAt, Catalogue catalogue) {
    this.seed = seed;
    this.orders = orders;
    this.updatedAt = updatedAt;
    this.catalogue = catalogue;
  }

  /**
   * An order, without its lines.
   *
   * @param number grows with the order date
   * @param day days since the calendar's start
   * @param lines number of its lines, at least 1
   */
  public record Order(long number, int day, int lines) {}

  /**
   * @param index from 0 to the number of base orders less one
   * @param slot 0 for the base order, else for another order of the same day
   */
  public Order base(long index, int slot) {
    return order(index, slot, (int) (index * Calendar.BASE_DAYS / orders));
  }

  /**
   * An order after all base orders.
   *
   * @param index from 0 on
   * @param day days since the end of the base files
   */
  public Order later(long index, int day) {
    return order(orders + index, 0, Calendar.BASE_DAYS + day);
  }

  private Order order(long index, int slot, int day) {
    long number = index * SLOTS + slot;
    return new Order(number, day, Dice.of(seed, "lines", number).between(1, MOST_LINES));
  }

  /**
   * @param line from 1 on
   * @param revision 0 for the line as it was first written; larger numbers are later changes
   */
  public OrderLine line(Order order, int line, long revision) {
    OrderLine original = original(order, line);
    if (revision == 0) {
      return original;
    }
    OrderLine changed = changed(original, Dice.of(seed, "change", order.number(), line, revision));
    return changed.withUpdatedAt(
        original.updatedAt().map(at -> at.plus(Duration.ofHours(revision))));
  }

  private OrderLine original(Order order, int line) {
    Dice ofOrder = Dice.of(seed, "order", order.number());
    LocalDate orderDate = Calendar.date(order.day());
    Customer customer =
        shown(
            catalogue.customers().get(ofOrder.skewedBelow(catalogue.customers().size())),
            order.day(),
            Dice.of(seed, "stale customer", order.number(), line));
    Store store =
        shown(
            catalogue.stores().get(ofOrder.skewedBelow(catalogue.stores().size())),
            order.day(),
            Dice.of(seed, "stale store", order.number(), line));
    Optional<LocalDate> shipDate =
        ofOrder.chance(0.03) ? Optional.empty() : Optional.of(orderDate.plusDays(ofOrder.below(8)));
    Optional<Instant> created =
        updatedAt
            ? Optional.of(
                orderDate
                    .atStartOfDay()
                    .toInstant(ZoneOffset.UTC)
                    .plusSeconds(ofOrder.below(86_400)))
            : Optional.empty();
    Dice ofLine = Dice.of(seed, "line", order.number(), line);
    Product product =
        shown(
            catalogue.products().get(ofLine.skewedBelow(catalogue.products().size())),
            order.day(),
            ofLine);
    return new OrderLine(
        new OrderLine.Key(
            "O-%d-%s".formatted(orderDate.getYear(), digits(order.number())), rowId(order, line)),
        orderDate,
        shipDate,
        ofOrder.oneOf(SHIP_MODES),
        ofOrder.oneOf(PRIORITIES),
        customer,
        store,
        product,
        amounts(ofLine, ofLine.between(1, 14)),
        created);
  }

  private static long rowId(Order order, int line) {
    return order.number() * 10 + line;
  }

  private static String digits(long number) {
    return "%09d".formatted(number);
  }

  /** One line in a hundred still shows the state before: a day can have two states. */
  private static <T> T shown(History<T> history, int day, Dice dice) {
    T current = history.on(day);
    return dice.chance(0.01) ? history.before(day).orElse(current) : current;
  }

  /** Price, discount and rate have two digits each, so sales and profit need at most four. */
  private static Amounts amounts(Dice dice, int quantity) {
    BigDecimal price = BigDecimal.valueOf(dice.between(50, 90_000), 2);
    BigDecimal discount =
        dice.chance(0.6) ? BigDecimal.ZERO : BigDecimal.valueOf(dice.between(1, 16) * 5L, 2);
    BigDecimal sales =
        price.multiply(BigDecimal.valueOf(quantity)).multiply(BigDecimal.ONE.subtract(discount));
    BigDecimal margin = BigDecimal.valueOf(dice.between(-200, 400), 3);
    return new Amounts(
        sales,
        quantity,
        discount,
        sales.multiply(margin).setScale(Amounts.SCALE, RoundingMode.HALF_EVEN),
        BigDecimal.valueOf(dice.between(0, 30_000), 3));
  }

  private static OrderLine changed(OrderLine line, Dice dice) {
    double kind = dice.below(100);
    if (kind < 70) {
      return line.withAmounts(amounts(dice, line.amounts().quantity() + dice.between(1, 5)));
    }
    if (kind < 80) {
      return line.withShipMode(next(SHIP_MODES, line.shipMode()));
    }
    if (kind < 90) {
      Customer old = line.customer();
      return line.withCustomer(
          new Customer(old.id(), old.name(), next(Catalogue.SEGMENTS, old.segment())));
    }
    return line.movedBy(dice.between(1, 3));
  }

  private static String next(List<String> choices, String current) {
    return choices.get((choices.indexOf(current) + 1) % choices.size());
  }
}
