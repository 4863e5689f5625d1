package io.medallion.testkit.orders;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fate of every record: a fold over the records in landing order.
 *
 * <p>Per key one line is current. A record with equal values, those of a column that the contract
 * does not know included, is a duplicate; one whose {@code updated_at} is lower is superseded; any
 * other takes the current line's place, which then is superseded in its own file. Faulty records
 * take no part.
 */
final class TruthLedger {
  private final List<FileFate> files = new ArrayList<>();
  private final List<Quarantined> quarantined = new ArrayList<>();
  private final Map<OrderLine.Key, Accepted> current = new HashMap<>();

  /** The counts of one file; they change while later files land. */
  static final class FileFate {
    private final String path;
    private final Optional<String> repeatedOf;
    private long records;
    private long accepted;
    private long duplicates;
    private long superseded;
    private long quarantined;

    private FileFate(String path, Optional<String> repeatedOf) {
      this.path = path;
      this.repeatedOf = repeatedOf;
    }

    String path() {
      return path;
    }

    Optional<String> repeatedOf() {
      return repeatedOf;
    }

    long records() {
      return records;
    }

    long accepted() {
      return accepted;
    }

    long duplicates() {
      return duplicates;
    }

    long superseded() {
      return superseded;
    }

    long quarantined() {
      return quarantined;
    }
  }

  /** A line that counts, and where it came from. */
  record Accepted(OrderLine line, Optional<String> surplus, FileFate file, long recordNumber) {}

  record Quarantined(String path, long recordNumber, Fault fault) {}

  /** The records that follow are of this file, until the next one is opened. */
  void open(String path) {
    files.add(new FileFate(path, Optional.empty()));
  }

  /** A file with the same bytes as an earlier one: it has no records of its own. */
  void repeated(String path, String of) {
    files.add(new FileFate(path, Optional.of(of)));
  }

  /**
   * @param recordNumber from 1 on
   * @param surplus what the contract does not know, which is content like the rest
   */
  void wellFormed(long recordNumber, OrderLine line, Optional<String> surplus) {
    FileFate file = file();
    file.records++;
    Accepted held = current.get(line.key());
    if (held == null) {
      accept(file, recordNumber, line, surplus);
    } else if (held.line().equals(line) && held.surplus().equals(surplus)) {
      file.duplicates++;
    } else if (sequence(line).isBefore(sequence(held.line()))) {
      file.superseded++;
    } else {
      held.file().accepted--;
      held.file().superseded++;
      accept(file, recordNumber, line, surplus);
    }
  }

  /**
   * @param recordNumber from 1 on
   */
  void faulty(long recordNumber, Fault fault) {
    FileFate file = file();
    file.records++;
    file.quarantined++;
    quarantined.add(new Quarantined(file.path, recordNumber, fault));
  }

  /** In landing order. */
  List<FileFate> files() {
    return List.copyOf(files);
  }

  /** In landing order, then by record number. */
  List<Quarantined> quarantined() {
    return List.copyOf(quarantined);
  }

  /** By order id, then by row id. */
  List<Accepted> accepted() {
    List<Accepted> accepted = new ArrayList<>(current.values());
    accepted.sort(
        Comparator.comparing((Accepted a) -> a.line().key().orderId())
            .thenComparingLong(a -> a.line().key().rowId()));
    return accepted;
  }

  private void accept(FileFate file, long recordNumber, OrderLine line, Optional<String> surplus) {
    file.accepted++;
    current.put(line.key(), new Accepted(line, surplus, file, recordNumber));
  }

  private FileFate file() {
    return files.get(files.size() - 1);
  }

  private static Instant sequence(OrderLine line) {
    return line.updatedAt().orElse(Instant.MIN);
  }
}
