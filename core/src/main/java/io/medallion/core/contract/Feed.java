package io.medallion.core.contract;

import java.nio.charset.Charset;
import java.util.List;

/**
 * A way by which records of a contract come in. Several feeds may fill one table.
 *
 * @param name the feed's name, unique among all contracts: {@code --feed NAME}
 * @param delimiter the character between two fields of a CSV record
 * @param encodings accepted encodings in order of preference: at most UTF-8 and one single-byte
 *     encoding, since two of the latter cannot be told apart
 * @param datePatterns patterns for date columns that name none
 * @param timestampPatterns patterns for timestamp columns that name none
 */
public record Feed(
    String name,
    char delimiter,
    List<Charset> encodings,
    List<String> datePatterns,
    List<String> timestampPatterns) {

  public Feed {
    if (encodings.isEmpty()) {
      throw new IllegalArgumentException("feed " + name + " accepts no encoding");
    }
    encodings = List.copyOf(encodings);
    datePatterns = List.copyOf(datePatterns);
    timestampPatterns = List.copyOf(timestampPatterns);
  }
}
