package io.medallion.demo.orders;

import io.medallion.demo.orders.OrderBook.Order;

/** Chooses the lines of the increment: 70 % new, 15 % late and 15 % changed lines. */
final class Increment {
  enum Kind {
    NEW,
    LATE,
    CHANGED
  }

  private static final double NEW_SHARE = 0.7;
  private static final double LATE_SHARE = 0.15;
  private static final double CHANGED_SHARE = 0.15;

  private final GeneratorOptions options;
  private final OrderBook book;
  private final Dice dice;
  private final long wantedNew;
  private final int days;
  private final long stride;
  private long newLines;
  private long lateLines;
  private long changedLines;
  private long newOrders;
  private long lateOrders;

  /**
   * @param wanted number of lines of the increment
   */
  Increment(GeneratorOptions options, OrderBook book, long wanted) {
    this.options = options;
    this.book = book;
    this.dice = Dice.of(options.seed(), "increment");
    this.wantedNew = Math.max(1, Math.round(wanted * NEW_SHARE));
    this.days =
        (int)
            Math.max(
                1,
                Math.min(
                    Calendar.INCREMENT_DAYS,
                    Calendar.BASE_DAYS * options.incrementPercent() / 100));
    this.stride = coprimeStride(options.orders());
  }

  /** The kind that is furthest behind its share. */
  Kind next() {
    double newBehind = newLines / NEW_SHARE;
    double lateBehind = lateLines / LATE_SHARE;
    double changedBehind = changedLines / CHANGED_SHARE;
    if (newBehind <= lateBehind && newBehind <= changedBehind) {
      return Kind.NEW;
    }
    return lateBehind <= changedBehind ? Kind.LATE : Kind.CHANGED;
  }

  /** An order of a day after all base orders. */
  Order newOrder() {
    int day = (int) Math.min(days - 1, newLines * days / wantedNew);
    Order order = book.later(newOrders++, day);
    newLines += order.lines();
    return order;
  }

  /** An order of an old day that was never seen before. */
  Order lateOrder() {
    long index = lateOrders * stride % options.orders();
    int slot = (int) (1 + lateOrders / options.orders());
    lateOrders++;
    Order order = book.base(index, slot);
    lateLines += order.lines();
    return order;
  }

  /** A base order, mostly one of the last tenth. */
  Order changedOrder() {
    long orders = options.orders();
    long index = dice.chance(0.8) ? orders - 1 - dice.below(orders / 10) : dice.below(orders);
    return book.base(index, 0);
  }

  int lineOf(Order order) {
    return dice.between(1, order.lines());
  }

  void changeWritten() {
    changedLines++;
  }

  /** Steps of this length meet every index once before any index twice. */
  private static long coprimeStride(long orders) {
    long stride = Math.max(1, (long) (orders * 0.618));
    while (greatestCommonDivisor(stride, orders) != 1) {
      stride++;
    }
    return stride;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
