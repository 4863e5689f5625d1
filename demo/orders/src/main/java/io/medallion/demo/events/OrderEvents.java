package io.medallion.demo.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.demo.orders.Catalogue;
import io.medallion.demo.orders.Dice;
import io.medallion.demo.orders.GeneratorOptions;
import io.medallion.demo.orders.OrderBook;
import io.medallion.demo.orders.OrderBook.Order;
import io.medallion.demo.orders.OrderLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * Events of order lines that are created, changed and deleted, in the order in which they are sent:
 * some late, some twice, some in another order than they happened, some broken.
 *
 * <p>What happened later has a later {@code updated_at}, so what is left in the end does not depend
 * on the order of sending.
 */
final class OrderEvents implements Iterator<OrderEvent> {
  private static final int REMEMBERED = 2_000;
  private static final int LEAST_LATE = 50;
  private static final int MOST_LATE = 20_000;
  private static final double ROUNDING = 1e-6;

  private final EventOptions options;
  private final EventEncoding encoding;
  private final OrderBook book;
  private final List<EventFault> faults;
  private final double faultsPerSoundEvent;
  private final long baseOrders;

  /** Lines of the latest events, and the latest events: both rings. */
  private final List<KnownLine> lines = new ArrayList<>();

  private final List<Change> sentLately = new ArrayList<>();
  private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
  private Order order;
  private int nextLine = 1;
  private long made;
  private long ordersMade;
  private long sound;
  private long broken;
  private double faultsDue;

  private static final class KnownLine {
    private final Order order;
    private final int line;
    private boolean deleted;

    private KnownLine(Order order, int line) {
      this.order = order;
      this.line = line;
    }
  }

  private record Made(Change change, KnownLine line) {}

  /** A change that is sent after so many events. */
  private record Delayed(long due, long number, Made what) implements Comparable<Delayed> {
    @Override
    public int compareTo(Delayed other) {
      int byTime = Long.compare(due, other.due);
      return byTime == 0 ? Long.compare(number, other.number) : byTime;
    }
  }

  private OrderEvents(EventOptions options) {
    this.options = options;
    this.encoding = EventEncoding.of(options.format());
    this.faults = encoding.faults();
    this.faultsPerSoundEvent = options.faultRate() / (1 - options.faultRate());
    this.baseOrders = Math.max(GeneratorOptions.MIN_ORDERS, options.count() / 2);
    this.book =
        new OrderBook(options.seed(), baseOrders, false, Catalogue.of(options.seed(), baseOrders));
    this.order = book.base(0, 0);
  }

  /** The events that follow from the options. */
  static OrderEvents of(EventOptions options) {
    return new OrderEvents(options);
  }

  @Override
  public boolean hasNext() {
    return sound + broken < options.count();
  }

  @Override
  public OrderEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (faultsDue > 1 - ROUNDING) {
      faultsDue--;
      return nextBroken();
    }
    faultsDue += faultsPerSoundEvent;
    sound++;
    return nextSound();
  }

  private long sent() {
    return sound + broken;
  }

  private OrderEvent nextSound() {
    while (true) {
      boolean last = delayed.size() > options.count() - sent();
      if (!delayed.isEmpty() && (last || delayed.peek().due() <= sent())) {
        return sent(delayed.poll().what().change());
      }
      Dice dice = Dice.of(options.seed(), "event", made);
      int kind = dice.below(100);
      if (kind < 5 && !sentLately.isEmpty()) {
        made++;
        return repeated(dice.oneOf(sentLately), dice);
      }
      Made what = change(kind, dice);
      made++;
      int delay = dice.below(100);
      if (delay >= 6) {
        return sent(what.change());
      }
      int most = (int) Math.max(LEAST_LATE, Math.min(MOST_LATE, options.count() / 4));
      delayed.add(
          new Delayed(
              sent() + (delay < 4 ? dice.between(1, 20) : dice.between(LEAST_LATE, most)),
              made,
              what));
    }
  }

  private Made change(int kind, Dice dice) {
    if (kind < 23 && !lines.isEmpty()) {
      KnownLine known = known(dice);
      if (kind < 17 || known.deleted) {
        boolean again = known.deleted;
        known.deleted = false;
        return new Made(
            upsert(known.order, known.line, made + 1, again ? "insert" : "update"), known);
      }
      known.deleted = true;
      return new Made(
          new Change.Delete(book.line(known.order, known.line, 0).key(), now(), dice.chance(0.5)),
          known);
    }
    if (nextLine > order.lines()) {
      ordersMade++;
      order =
          ordersMade < baseOrders
              ? book.base(ordersMade, 0)
              : book.later(ordersMade - baseOrders, 0);
      nextLine = 1;
    }
    KnownLine line = new KnownLine(order, nextLine++);
    remember(lines, line, made);
    return new Made(upsert(line.order, line.line, 0, dice.chance(0.2) ? "upsert" : "insert"), line);
  }

  /** Often a line with a change that is still to be sent: its changes come in another order. */
  private KnownLine known(Dice dice) {
    if (!delayed.isEmpty() && dice.chance(0.25)) {
      return delayed.stream()
          .skip(dice.below(delayed.size()))
          .findFirst()
          .map(late -> late.what().line())
          .orElseThrow();
    }
    return dice.oneOf(lines);
  }

  private Change.Upsert upsert(Order of, int line, long revision, String operation) {
    OrderLine told = book.line(of, line, revision).withUpdatedAt(Optional.of(now()));
    Optional<String> surplus =
        told.key().rowId() % 7 == 0 ? Optional.of("" + (revision + line) * 5) : Optional.empty();
    return new Change.Upsert(told, operation, surplus);
  }

  private Instant now() {
    return options.start().plusMillis(options.spacing().toMillis() * made);
  }

  /** Keeps the latest so many, in no order. */
  private static <T> void remember(List<T> list, T item, long number) {
    if (list.size() < REMEMBERED) {
      list.add(item);
    } else {
      list.set((int) (number % REMEMBERED), item);
    }
  }

  private OrderEvent sent(Change change) {
    remember(sentLately, change, sound);
    byte[] value =
        change instanceof Change.Upsert upsert ? encoding.upsert(upsert) : deletion(change);
    return event(change, value);
  }

  private OrderEvent repeated(Change change, Dice dice) {
    if (change instanceof Change.Upsert upsert && dice.chance(0.5)) {
      return event(change, encoding.disguised(upsert, dice));
    }
    return event(
        change,
        change instanceof Change.Upsert upsert ? encoding.upsert(upsert) : deletion(change));
  }

  /** Null for a tombstone. */
  private byte[] deletion(Change change) {
    Change.Delete delete = (Change.Delete) change;
    return delete.tombstone() ? null : encoding.delete(delete.key(), delete.at());
  }

  private static OrderEvent event(Change change, byte[] value) {
    return new OrderEvent(
        change.key().orderId(),
        Optional.of(EventEncoding.key(change.key())),
        Optional.ofNullable(value),
        value == null ? OptionalLong.of(change.at().toEpochMilli()) : OptionalLong.empty(),
        new OrderEvent.Sound(change));
  }

  /** In turn of a line that exists and of one that exists nowhere. */
  private OrderEvent nextBroken() {
    Dice dice = Dice.of(options.seed(), "broken", broken);
    EventFault fault = faults.get((int) (broken % faults.size()));
    broken++;
    Order of =
        broken % 2 == 0
            ? order
            : new Order(
                order.number() - order.number() % OrderBook.SLOTS + OrderBook.FAULTY_SLOT,
                order.day(),
                order.lines());
    Change.Upsert victim = upsert(of, 1, broken, "update");
    made++;
    Optional<byte[]> key =
        switch (fault) {
          case TOMBSTONE_WITHOUT_KEY -> Optional.empty();
          case TOMBSTONE_WITH_BROKEN_KEY -> Optional.of("no key".getBytes(UTF_8));
          default -> Optional.of(EventEncoding.key(victim.key()));
        };
    return new OrderEvent(
        victim.key().orderId(),
        key,
        encoding.broken(fault, victim, dice),
        OptionalLong.empty(),
        new OrderEvent.Broken(fault));
  }
}
