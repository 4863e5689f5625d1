package io.medallion.demo.orders;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Strews faulty records between the sound ones, every class in turn, at a steady rate. */
final class FaultSchedule {
  private static final List<Fault> IN_TURN = Fault.ofAnyFile();

  private final double faultsPerSoundRecord;
  private final OrderBook book;
  private double due;
  private long faults;
  private long turn;
  private boolean invalidUtf8Written;

  /**
   * @param rate share of faulty records among all records, less than 1
   */
  FaultSchedule(double rate, OrderBook book) {
    this.faultsPerSoundRecord = rate / (1 - rate);
    this.book = book;
  }

  /**
   * To be called after sound records of a file: writes the faulty records that are due.
   *
   * @param sound how many sound records were written since the last call
   * @param order the order of a sound record
   * @param line number of that record's line
   * @param revision a revision that is written nowhere else
   */
  void after(long sound, OrderFileWriter file, OrderBook.Order order, int line, long revision)
      throws IOException {
    due += sound * faultsPerSoundRecord;
    while (due >= 1) {
      due--;
      file.writeFaulty(victim(order, line, revision), next(file.style()));
      faults++;
    }
  }

  /** In turn: a line that exists, a change of it, and a line of an order that exists nowhere. */
  private OrderLine victim(OrderBook.Order order, int line, long revision) {
    return switch ((int) (faults % 3)) {
      case 0 -> book.line(order, line, 0);
      case 1 -> book.line(order, line, revision);
      default ->
          book.line(
              new OrderBook.Order(
                  order.number() - order.number() % OrderBook.SLOTS + OrderBook.FAULTY_SLOT,
                  order.day(),
                  order.lines()),
              line,
              0);
    };
  }

  /** Bytes that are not UTF-8 come once, in a file that a byte order mark says is UTF-8. */
  private Fault next(FileStyle style) {
    if (!invalidUtf8Written
        && style.byteOrderMark()
        && style.charset().equals(StandardCharsets.UTF_8)) {
      invalidUtf8Written = true;
      return Fault.INVALID_UTF8;
    }
    return IN_TURN.get((int) (turn++ % IN_TURN.size()));
  }
}
