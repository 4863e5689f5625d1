package io.medallion.core.contract;

import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * One column of a contract.
 *
 * @param name the column's name in silver: lower case letters, digits and underscores
 * @param type its logical type
 * @param required whether a record without a value is refused
 * @param description what the column means, for the data dictionary and warehouse comments
 * @param aliases further header names under which the column may come in, as written
 * @param patterns accepted date or timestamp patterns ({@link java.time.format.DateTimeFormatter});
 *     empty where the feed's patterns hold
 * @param groupingSeparator the thousands separator that numbers may carry; absent where none may
 * @param rounding how a number with more fractional digits than the type holds is rounded; absent
 *     where such a number is refused
 */
public record Column(
    String name,
    LogicalType type,
    boolean required,
    String description,
    List<String> aliases,
    List<String> patterns,
    Optional<Character> groupingSeparator,
    Optional<RoundingMode> rounding) {

  public Column {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("not a column name: " + name);
    }
    aliases = List.copyOf(aliases);
    patterns = List.copyOf(patterns);
  }
}
