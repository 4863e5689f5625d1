package io.medallion.silver.parse;

import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.contract.LogicalType;
import io.medallion.core.contract.Rule;
import io.medallion.core.contract.Severity;
import java.io.Serializable;
import java.math.RoundingMode;
import java.util.List;

/**
 * What an executor needs to conform one column's texts.
 *
 * @param patterns of dates and timestamps, in the order in which they are tried
 * @param groupingSeparator blank where numbers may carry none
 * @param rounding {@code UNNECESSARY} where a value that needs rounding is refused
 * @param requiredRule name of the rule that asks for a value, blank where none does
 * @param requiredRejects whether that rule rejects the record or marks it
 */
public record ColumnLayout(
    String name,
    LogicalType type,
    List<String> patterns,
    String groupingSeparator,
    RoundingMode rounding,
    String requiredRule,
    boolean requiredRejects)
    implements Serializable {

  public static List<ColumnLayout> of(Contract contract, Feed feed) {
    return contract.columns().stream().map(column -> of(column, contract, feed)).toList();
  }

  private static ColumnLayout of(Column column, Contract contract, Feed feed) {
    List<String> feedPatterns =
        column.type() instanceof LogicalType.Timestamp
            ? feed.timestampPatterns()
            : feed.datePatterns();
    List<Rule.Required> required =
        contract.rules().stream()
            .filter(rule -> rule instanceof Rule.Required r && r.column().equals(column.name()))
            .map(Rule.Required.class::cast)
            .toList();
    return new ColumnLayout(
        column.name(),
        column.type(),
        column.patterns().isEmpty() ? feedPatterns : column.patterns(),
        column.groupingSeparator().map(String::valueOf).orElse(""),
        column.rounding().orElse(RoundingMode.UNNECESSARY),
        required.isEmpty() ? "" : required.get(0).name(),
        !required.isEmpty() && required.get(0).severity() == Severity.ERROR);
  }
}
