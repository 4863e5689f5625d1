package io.medallion.demo.orders;

import io.medallion.demo.orders.OrderBook.Order;
import java.io.IOException;

/**
 * Adds the lines that a source system sends more than once, repeated or changed, at fixed places of
 * each file, so that also a small file has one of each.
 */
final class RepeatedLines {
  private static final int PERIOD = 200;

  private final long seed;
  private final OrderBook book;
  private final OrderFileWriter file;
  private final long revision;
  private long lines;

  /**
   * @param revision the first of two revisions that are this file's own
   */
  RepeatedLines(long seed, OrderBook book, OrderFileWriter file, long revision) {
    this.seed = seed;
    this.book = book;
    this.file = file;
    this.revision = revision;
  }

  /**
   * To be called after each line of the file.
   *
   * @param earlier base orders below this index have landed before
   * @return how many records this has written
   */
  long after(Order order, int line, long earlier) throws IOException {
    lines++;
    long before = file.records();
    Dice dice = Dice.of(seed, "mischief", order.number(), line, revision);
    switch ((int) (lines % PERIOD)) {
      case 4 -> file.write(book.line(order, line, 0));
      // A correction within the file: two different rows of one key.
      case 7 -> file.write(book.line(order, line, revision + 1));
      case 10 -> file.writeDisguised(book.line(order, line, 0), dice);
      case 13, 63, 113, 163 -> {
        Order old = recent(earlier, dice);
        file.write(book.line(old, dice.between(1, old.lines()), revision));
      }
      case 16 -> {
        Order old = recent(earlier, dice);
        file.write(book.line(old, dice.between(1, old.lines()), 0));
      }
      case 19 -> {
        Order old = book.base(dice.below(earlier), 0);
        file.writeDisguised(book.line(old, dice.between(1, old.lines()), 0), dice);
      }
      default -> {}
    }
    return file.records() - before;
  }

  /** One of the last tenth of the earlier orders. */
  private Order recent(long earlier, Dice dice) {
    return book.base(earlier - 1 - dice.below(earlier / 10 + 1), 0);
  }
}
