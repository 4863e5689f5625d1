package io.medallion.gold.star;

import static io.medallion.gold.star.ShopStar.assertMistakes;
import static io.medallion.gold.star.ShopStar.edited;
import static io.medallion.gold.star.ShopStar.mistake;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in the dataset checks of a star. */
class StarCheckMistakesTest {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "a check of an unknown kind",
            "kind: unique",
            "kind: uniqe",
            "41:11: a check of kind `uniqe` is not known",
            "write `unique`"),
        mistake(
            "a check without a kind",
            "    kind: unique\n",
            "",
            "40:5: a check has no `kind`",
            "add `kind: …`"),
        mistake(
            "a second check of one name",
            "name: order_kept",
            "name: order_unique",
            "45:12: a second check is named `order_unique`, after line 40",
            "give one of them another name"),
        mistake(
            "an unknown severity",
            "severity: warning",
            "severity: info",
            "48:105: the severity `info` is not known",
            "write `error` (the run fails) or `warning` (it is reported)"),
        mistake(
            "a check of an unknown table",
            "    table: gold.fact_orders",
            "    table: gold.fact_order",
            "42:12: the table `gold.fact_order` does not exist",
            "write `gold.fact_orders`"),
        mistake(
            "a check of a table without its layer",
            "    table: gold.fact_orders",
            "    table: fact_orders",
            "42:12: the table `fact_orders` does not exist",
            "write `gold.fact_orders`"),
        mistake(
            "a check of an unknown column",
            "column: _file_id",
            "column: _file",
            "45:72: the table `gold.fact_orders` has no column `_file`",
            "write `_file_id`"),
        mistake(
            "unique over an unknown column",
            "    columns: [id]\n",
            "    columns: [ids]\n",
            "43:15: the table `gold.fact_orders` has no column `ids`",
            "write `id`"),
        mistake(
            "unique over nothing",
            "    columns: [id]\n",
            "",
            "40:5: a check has no `columns`",
            "add `columns: …`"),
        mistake(
            "a selection that is not true or false",
            "where: amount > 0",
            "where: amount",
            "44:12: `amount` is of type decimal(12,2)",
            "write an expression of type boolean"),
        mistake(
            "a relationship to an unknown column",
            "toColumn: state_key",
            "toColumn: state_id",
            "46:125: the table `gold.dim_state` has no column `state_id`",
            "write `state_key`"),
        mistake(
            "a relationship to an unknown table",
            "toTable: gold.dim_state",
            "toTable: gold.dim_states",
            "46:99: the table `gold.dim_states` does not exist",
            "write `gold.dim_state`"),
        mistake(
            "accepted values without values",
            ", values: [new, sent]",
            "",
            "47:5: a check has no `values`",
            "add `values: …`"),
        mistake(
            "a predicate that is not true or false",
            "predicate: amount > 0",
            "predicate: amount",
            "48:83: `amount` is of type decimal(12,2)",
            "write an expression of type boolean"),
        mistake(
            "a predicate on a column of another table",
            "predicate: amount > 0",
            "predicate: lines > 0",
            "48:83: `lines > 0` names the column `lines`, which does not exist",
            "use one of _file_id, _record_number, amount, day_key, id, per_line, state_key"),
        mistake(
            "intervals of a dimension without versions",
            "kind: intervals, table: gold.dim_state",
            "kind: intervals, table: gold.dim_order",
            "49:53: `gold.dim_order` is no type 2 dimension of the star",
            "write `gold.dim_state`"),
        mistake(
            "agreement of what is no aggregate",
            "left: sum(amount)",
            "left: amount",
            "50:72: `amount` does not aggregate rows",
            "write an aggregate such as count(*) or sum(x)"),
        mistake(
            "agreement of different types",
            "left: sum(amount)",
            "left: max(day)",
            "50:119: date and decimal(22,2) cannot agree",
            "compare values of the same type"),
        mistake(
            "agreement of an unknown column",
            "right: sum(per_line)",
            "right: sum(per_lines)",
            "50:122: `sum(per_lines)` names the column `per_lines`, which does not exist",
            "write `per_line`"),
        mistake(
            "a ratio upside down",
            "minimum: 0.5",
            "minimum: 2",
            "51:103: no ratio lies between 2 and 1",
            "write a minimum that is not greater than the maximum"),
        mistake(
            "a ratio without a bound",
            "minimum: 0.5, ",
            "",
            "51:5: a check has no `minimum`",
            "add `minimum: …`"),
        mistake(
            "a key of another kind of check",
            "kind: intervals,",
            "kind: intervals, column: state,",
            "49:46: a check has no key `column`",
            "use one of kind, name, severity, table, or remove it"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void reportsWithPlaceCauseAndFix(
      String what, String correct, String wrong, List<String> expected) {
    assertMistakes(edited(correct, wrong), expected);
  }
}
