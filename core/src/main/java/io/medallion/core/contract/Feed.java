package io.medallion.core.contract;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A way by which records of a contract come in: files, or a topic. Several feeds may fill one
 * table.
 *
 * @param name the feed's name, unique among all contracts: {@code --feed NAME}
 * @param delimiter the character between two fields of a CSV record
 * @param encodings accepted encodings in order of preference: at most UTF-8 and one single-byte
 *     encoding, since two of the latter cannot be told apart
 * @param datePatterns patterns for date columns that name none
 * @param timestampPatterns patterns for timestamp columns that name none
 * @param topic how a topic's events are read; absent where the feed is of CSV files
 * @param intake which files of a folder are taken; of no meaning for a topic
 */
public record Feed(
    String name,
    char delimiter,
    List<Charset> encodings,
    List<String> datePatterns,
    List<String> timestampPatterns,
    Optional<Topic> topic,
    Intake intake) {

  public Feed {
    if (encodings.isEmpty()) {
      throw new IllegalArgumentException("feed " + name + " accepts no encoding");
    }
    encodings = List.copyOf(encodings);
    datePatterns = List.copyOf(datePatterns);
    timestampPatterns = List.copyOf(timestampPatterns);
  }

  /** A feed of CSV files. */
  public Feed(
      String name,
      char delimiter,
      List<Charset> encodings,
      List<String> datePatterns,
      List<String> timestampPatterns) {
    this(
        name,
        delimiter,
        encodings,
        datePatterns,
        timestampPatterns,
        Optional.empty(),
        Intake.DEFAULT);
  }

  /** A feed of a topic's events. */
  public static Feed ofTopic(
      String name, List<String> datePatterns, List<String> timestampPatterns, Topic topic) {
    return new Feed(
        name,
        ',',
        List.of(StandardCharsets.UTF_8),
        datePatterns,
        timestampPatterns,
        Optional.of(topic),
        Intake.DEFAULT);
  }
}
