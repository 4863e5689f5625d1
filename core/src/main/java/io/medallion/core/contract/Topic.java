package io.medallion.core.contract;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the events of a topic become records of a contract.
 *
 * @param name the topic's name, where none is given when it is landed
 * @param format of an event's value
 * @param maxValueBytes a longer value is quarantined, and never parsed
 * @param operation which field says what an event does; absent where every event is a record
 * @param tombstone how an event without a value is read; absent where such an event is a mistake
 */
public record Topic(
    String name,
    Format format,
    int maxValueBytes,
    Optional<Operation> operation,
    Optional<Tombstone> tombstone) {

  /** What a value may be. */
  public sealed interface Format extends Serializable {}

  /** One JSON object in UTF-8. */
  public record Json() implements Format {}

  /**
   * One Avro record in binary encoding.
   *
   * @param schema the schema as JSON
   * @param framing the bytes before the record
   */
  public record Avro(String schema, Framing framing) implements Format {}

  /** The bytes before an Avro record. */
  public enum Framing {
    /** Nothing. */
    NONE,
    /** A schema registry's header: a zero byte and four bytes of schema number. */
    REGISTRY
  }

  /**
   * The field that says what an event does to the row of its key. An event without it is an upsert.
   *
   * @param field its name in the value, compared like a column's
   * @param upserts values that bring a row
   * @param deletes values that remove it
   */
  public record Operation(String field, List<String> upserts, List<String> deletes)
      implements Serializable {
    public Operation {
      upserts = List.copyOf(upserts);
      deletes = List.copyOf(deletes);
    }
  }

  /**
   * How an event without a value, which deletes the row of its key, is read.
   *
   * @param key how the event's key spells the business key
   * @param sequence for each sequence column of the contract, where its value comes from
   */
  public record Tombstone(KeyFormat key, Map<String, SequenceSource> sequence)
      implements Serializable {
    public Tombstone {
      sequence = Map.copyOf(sequence);
    }
  }

  /** How an event's key spells the business key. */
  public enum KeyFormat {
    /** As a JSON object of the key's columns. */
    JSON,
    /** As plain text in UTF-8, of a key of one column. */
    TEXT
  }

  /** Where a tombstone's place in the order of events comes from. */
  public sealed interface SequenceSource extends Serializable {}

  /** The event's own Kafka timestamp. */
  public record EventTimestamp() implements SequenceSource {}

  /** The text of an event's header, in UTF-8. */
  public record Header(String name) implements SequenceSource {}

  public Topic {
    if (maxValueBytes < 1) {
      throw new IllegalArgumentException("topic " + name + " admits no value");
    }
  }
}
