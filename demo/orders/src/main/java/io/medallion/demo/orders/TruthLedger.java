package io.medallion.demo.orders;

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
 * other takes the current line's place, which then is superseded in its own file. A delete takes a
 * line's place like a line, and says that the key has none. Faulty records take no part.
 *
 * <p>The partitions of a topic are files, whose records are numbered by their offsets.
 */
public final class TruthLedger {
  private static final Comparator<OrderLine.Key> BY_KEY =
      Comparator.comparing(OrderLine.Key::orderId).thenComparingLong(OrderLine.Key::rowId);

  private final List<FileFate> files = new ArrayList<>();
  private final List<Quarantined> quarantined = new ArrayList<>();
  private final Map<OrderLine.Key, Held> current = new HashMap<>();
  private final Map<String, FileFate> byPath = new HashMap<>();
  private FileFate file;

  /** The counts of one file; they change while later files land. */
  public static final class FileFate {
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

    public String path() {
      return path;
    }

    Optional<String> repeatedOf() {
      return repeatedOf;
    }

    public long records() {
      return records;
    }

    public long accepted() {
      return accepted;
    }

    public long duplicates() {
      return duplicates;
    }

    public long superseded() {
      return superseded;
    }

    public long quarantined() {
      return quarantined;
    }
  }

  /** The latest state of a key. */
  private sealed interface Held {
    FileFate file();

    /** Its place in the order of the records of its key. */
    Instant sequence();

    /** Whether a record has the same content. */
    boolean repeatedBy(Held other);
  }

  /** A line that counts, and where it came from. */
  record Accepted(OrderLine line, Optional<String> surplus, FileFate file, long recordNumber)
      implements Held {

    @Override
    public Instant sequence() {
      return line.updatedAt().orElse(Instant.MIN);
    }

    @Override
    public boolean repeatedBy(Held other) {
      return other instanceof Accepted a && a.line.equals(line) && a.surplus.equals(surplus);
    }
  }

  /** A delete whose key has no line. */
  record Deleted(OrderLine.Key key, Instant sequence, FileFate file, long recordNumber)
      implements Held {

    @Override
    public boolean repeatedBy(Held other) {
      return other instanceof Deleted d && d.sequence.equals(sequence);
    }
  }

  /**
   * A record that no layer behind silver sees.
   *
   * @param fault the name of what is wrong with it
   */
  record Quarantined(String path, long recordNumber, String fault) {}

  /** The records that follow are of this file, until another one is opened; it may be again. */
  public void open(String path) {
    file =
        byPath.computeIfAbsent(
            path,
            p -> {
              FileFate fate = new FileFate(p, Optional.empty());
              files.add(fate);
              return fate;
            });
  }

  /** A file with the same bytes as an earlier one: it has no records of its own. */
  void repeated(String path, String of) {
    files.add(new FileFate(path, Optional.of(of)));
  }

  /**
   * @param recordNumber from 1 on
   * @param surplus the value of a column that the contract lacks, which is content like the rest
   */
  public void wellFormed(long recordNumber, OrderLine line, Optional<String> surplus) {
    judge(line.key(), new Accepted(line, surplus, file, recordNumber));
  }

  /** The key has no line from there on, until something later comes. */
  public void deleted(long recordNumber, OrderLine.Key key, Instant at) {
    judge(key, new Deleted(key, at, file, recordNumber));
  }

  private void judge(OrderLine.Key key, Held record) {
    file.records++;
    Held held = current.get(key);
    if (held != null && held.repeatedBy(record)) {
      file.duplicates++;
    } else if (held != null && record.sequence().isBefore(held.sequence())) {
      file.superseded++;
    } else {
      if (held != null) {
        held.file().accepted--;
        held.file().superseded++;
      }
      file.accepted++;
      current.put(key, record);
    }
  }

  /**
   * @param recordNumber from 1 on
   */
  public void faulty(long recordNumber, String fault) {
    file.records++;
    file.quarantined++;
    quarantined.add(new Quarantined(file.path, recordNumber, fault));
  }

  /** In landing order. */
  public List<FileFate> files() {
    return List.copyOf(files);
  }

  /** In landing order, then by record number. */
  public List<Quarantined> quarantined() {
    return List.copyOf(quarantined);
  }

  /** By order id, then by row id. */
  public List<Accepted> accepted() {
    List<Accepted> accepted = new ArrayList<>(held(Accepted.class));
    accepted.sort(Comparator.comparing(a -> a.line().key(), BY_KEY));
    return accepted;
  }

  /** Deletes of keys that have no line, by order id, then by row id. */
  public List<Deleted> deleted() {
    List<Deleted> deleted = new ArrayList<>(held(Deleted.class));
    deleted.sort(Comparator.comparing(Deleted::key, BY_KEY));
    return deleted;
  }

  private <T> List<T> held(Class<T> kind) {
    return current.values().stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
