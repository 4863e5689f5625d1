package io.medallion.demo.orders;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Which file has which orders, in landing order. */
final class LandingSchedule {
  /** Base files of average size stay well below a hundred thousand lines. */
  private static final double LINES_PER_FILE = 80_000;

  private static final double LINES_PER_ORDER = 2.5;
  private static final long LEAST_FILES = 8;

  /**
   * After as many regular files those of their orders that were late come in a file of their own.
   */
  private static final long LATE_EVERY = 4;

  private static final double LATE_SHARE = 0.02;

  private LandingSchedule() {}

  sealed interface ScheduledFile {
    String path();
  }

  /** Orders in the order of their dates, without the late ones. */
  record Regular(String path, FileStyle style, long from, long to) implements ScheduledFile {

    /** Whether this file lacks an order of its own; it lacks at least one. */
    boolean lacks(long index, long seed) {
      return index == to - 2 || Dice.of(seed, "late", index).chance(LATE_SHARE);
    }
  }

  /** The late orders of these files. */
  record Late(String path, FileStyle style, List<Regular> of) implements ScheduledFile {
    Late {
      of = List.copyOf(of);
    }
  }

  /** The bytes of an earlier file. */
  record Repeated(String path, String of) implements ScheduledFile {}

  static List<ScheduledFile> of(GeneratorOptions options) {
    long orders = options.orders();
    double lines = orders * LINES_PER_ORDER / (1 - options.faultRate());
    long regularFiles = Math.max(LEAST_FILES, (long) Math.ceil(lines / LINES_PER_FILE));
    List<ScheduledFile> schedule = new ArrayList<>();
    List<Regular> withLateOrders = new ArrayList<>();
    for (long n = 0; n < regularFiles; n++) {
      long from = n * orders / regularFiles;
      long to = (n + 1) * orders / regularFiles;
      FileStyle style = FileStyle.ofFile(n, options.updatedAt());
      Regular regular =
          new Regular(
              path(schedule.size(), to, orders, "") + style.fileExtension(), style, from, to);
      schedule.add(regular);
      withLateOrders.add(regular);
      if ((n + 1) % LATE_EVERY == 0 || n == regularFiles - 1) {
        FileStyle lateStyle = FileStyle.plain(options.updatedAt());
        schedule.add(
            new Late(
                path(schedule.size(), to, orders, "-late") + lateStyle.fileExtension(),
                lateStyle,
                withLateOrders));
        withLateOrders.clear();
      }
      if (n == LEAST_FILES / 2) {
        String of = schedule.get(1).path();
        schedule.add(new Repeated(path(schedule.size(), to, orders, "-again") + ".csv", of));
      }
    }
    return schedule;
  }

  /** Files are numbered, so that the order of their paths is the order in which they land. */
  private static String path(int number, long to, long orders, String what) {
    int day = (int) ((to - 1) * Calendar.BASE_DAYS / orders) + 1;
    return "orders/orders-%05d-%s%s"
        .formatted(number + 1, DateTimeFormatter.BASIC_ISO_DATE.format(Calendar.date(day)), what);
  }
}
