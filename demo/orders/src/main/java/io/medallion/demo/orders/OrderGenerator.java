package io.medallion.demo.orders;

import io.medallion.demo.orders.LandingSchedule.Late;
import io.medallion.demo.orders.LandingSchedule.Regular;
import io.medallion.demo.orders.LandingSchedule.Repeated;
import io.medallion.demo.orders.LandingSchedule.ScheduledFile;
import io.medallion.demo.orders.OrderBook.Order;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes order files with the faults of real ones, and the truth about them.
 *
 * <p>Below the output directory: {@code orders/} (the base files; the order of their paths is their
 * landing order), {@code increment/orders-increment.csv}, {@code truth/} (of the base files alone),
 * {@code truth-with-increment/} and {@code rejected-samples/} (files that no feed can take; the
 * truth knows nothing of them).
 *
 * <p>A truth directory has {@code fates.csv} (counts per file), {@code totals.json} (sums as exact
 * texts), {@code quarantine.csv} (which record has which fault), {@code dim_customer.csv}, {@code
 * dim_product.csv}, {@code dim_store.csv} (half-open versions) and {@code fact_sales.csv} (the
 * accepted lines with the begin of the versions they refer to). Files are named by their path below
 * the output directory; record numbers count data records from 1 on, blank ones too; a record with
 * quoted line breaks is one. An empty field is an absent value.
 */
public final class OrderGenerator {
  private static final String INCREMENT = "increment/orders-increment.csv";

  private final GeneratorOptions options;
  private final OrderBook book;
  private final FaultSchedule faults;
  private final Optional<TruthLedger> truth;

  private OrderGenerator(GeneratorOptions options) {
    this.options = options;
    this.book =
        new OrderBook(
            options.seed(),
            options.orders(),
            options.updatedAt(),
            Catalogue.of(options.seed(), options.orders()));
    this.faults = new FaultSchedule(options.faultRate(), book);
    this.truth = options.truth() ? Optional.of(new TruthLedger()) : Optional.empty();
  }

  /**
   * Generates all files.
   *
   * @throws FileAlreadyExistsException if the output directory is not empty, or no directory
   * @throws IOException if a file cannot be written
   */
  public static GenerationSummary generate(GeneratorOptions options) throws IOException {
    requireEmpty(options.out());
    return new OrderGenerator(options).generate();
  }

  private static void requireEmpty(Path out) throws IOException {
    if (Files.notExists(out)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new FileAlreadyExistsException(
          out.toString(), null, "is not a directory; name one that is empty or does not exist yet");
    }
    try (Stream<Path> entries = Files.list(out)) {
      if (entries.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            out.toString(),
            null,
            "is not empty, and files of two generations must not mix; delete it or name another"
                + " directory");
      }
    }
  }

  private GenerationSummary generate() throws IOException {
    Path out = options.out();
    Files.createDirectories(out.resolve("orders"));
    List<ScheduledFile> schedule = LandingSchedule.of(options);
    List<GeneratedFile> files = new ArrayList<>();
    for (int i = 0; i < schedule.size(); i++) {
      // Two revisions for each file, larger than those of the files before.
      files.add(write(schedule.get(i), 2L * (i + 1)));
    }
    Optional<Path> baseTruth = writeTruth("truth");
    Optional<GeneratedFile> increment = Optional.empty();
    Optional<Path> wholeTruth = Optional.empty();
    if (options.incrementPercent() > 0) {
      increment = Optional.of(increment(soundRecords(files), 2L * (schedule.size() + 1)));
      wholeTruth = writeTruth("truth-with-increment");
    }
    List<Path> rejected =
        new RejectedSamples(
                out.resolve("rejected-samples"),
                options.seed(),
                book,
                FileStyle.plain(options.updatedAt()))
            .write();
    return new GenerationSummary(out, files, increment, rejected, baseTruth, wholeTruth);
  }

  private static long soundRecords(List<GeneratedFile> files) {
    return files.stream().mapToLong(file -> file.records() - file.faults()).sum();
  }

  private GeneratedFile write(ScheduledFile scheduled, long revision) throws IOException {
    if (scheduled instanceof Regular regular) {
      return regular(regular, revision);
    }
    if (scheduled instanceof Late late) {
      return late(late, revision);
    }
    return repeated((Repeated) scheduled);
  }

  private GeneratedFile regular(Regular scheduled, long revision) throws IOException {
    try (OrderFileWriter file = open(scheduled.path(), scheduled.style())) {
      RepeatedLines repeatedLines = new RepeatedLines(options.seed(), book, file, revision);
      for (long index = scheduled.from(); index < scheduled.to(); index++) {
        if (scheduled.lacks(index, options.seed())) {
          continue;
        }
        Order order = book.base(index, 0);
        for (int line = 1; line <= order.lines(); line++) {
          file.write(book.line(order, line, 0));
          // The first file can only come back to orders of its own.
          long earlier = scheduled.from() > 0 ? scheduled.from() : index;
          long sound = 1 + repeatedLines.after(order, line, earlier);
          faults.after(sound, file, order, line, revision);
        }
      }
      return file.finish();
    }
  }

  private GeneratedFile late(Late scheduled, long revision) throws IOException {
    try (OrderFileWriter file = open(scheduled.path(), scheduled.style())) {
      for (Regular regular : scheduled.of()) {
        for (long index = regular.from(); index < regular.to(); index++) {
          if (regular.lacks(index, options.seed())) {
            writeLines(file, book.base(index, 0), revision);
          }
        }
      }
      return file.finish();
    }
  }

  private void writeLines(OrderFileWriter file, Order order, long revision) throws IOException {
    for (int line = 1; line <= order.lines(); line++) {
      file.write(book.line(order, line, 0));
      faults.after(1, file, order, line, revision);
    }
  }

  private GeneratedFile repeated(Repeated scheduled) throws IOException {
    Path copy = options.out().resolve(scheduled.path());
    Files.copy(options.out().resolve(scheduled.of()), copy);
    truth.ifPresent(ledger -> ledger.repeated(scheduled.path(), scheduled.of()));
    return new GeneratedFile(scheduled.path(), 0, 0, Files.size(copy), Optional.of(scheduled.of()));
  }

  private GeneratedFile increment(long baseRecords, long revision) throws IOException {
    Files.createDirectories(options.out().resolve(INCREMENT).getParent());
    long wanted = Math.max(1, Math.round(baseRecords * options.incrementPercent() / 100));
    Increment increment = new Increment(options, book, wanted);
    try (OrderFileWriter file = open(INCREMENT, FileStyle.plain(options.updatedAt()))) {
      while (file.records() - file.faults() < wanted) {
        switch (increment.next()) {
          case NEW -> writeLines(file, increment.newOrder(), revision);
          case LATE -> writeLines(file, increment.lateOrder(), revision);
          case CHANGED -> {
            Order order = increment.changedOrder();
            int line = increment.lineOf(order);
            file.write(book.line(order, line, revision));
            increment.changeWritten();
            faults.after(1, file, order, line, revision);
          }
        }
      }
      return file.finish();
    }
  }

  private OrderFileWriter open(String path, FileStyle style) throws IOException {
    return new OrderFileWriter(options.out(), path, style, truth);
  }

  private Optional<Path> writeTruth(String name) throws IOException {
    if (truth.isEmpty()) {
      return Optional.empty();
    }
    Path directory = options.out().resolve(name);
    new TruthWriter(directory).write(truth.get());
    return Optional.of(directory);
  }
}
