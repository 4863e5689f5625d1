package io.medallion.gold.star;

import static io.medallion.gold.star.ShopStar.assertMistakes;
import static io.medallion.gold.star.ShopStar.edited;
import static io.medallion.gold.star.ShopStar.mistake;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in a star, its dimensions, its calendar and its facts. */
class StarMistakesTest {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "a syntax error",
            "star: shop",
            "star: 'shop",
            "1:5: this is not YAML: while scanning a quoted scalar; found unexpected end of"
                + " stream",
            "correct the indentation, quotes or brackets here or just before"),
        mistake("no name", "star: shop\n", "", "1:1: a star has no `star`", "add `star: …`"),
        mistake(
            "an unknown source",
            "source: orders",
            "source: order",
            "3:9: no contract declares the silver table `order`",
            "write `orders`, or add its contract"),
        mistake(
            "an unknown key of a dimension",
            "    tieBreak: [lines]",
            "    tieBreaks: [lines]",
            "11:5: a dimension has no key `tieBreaks`",
            "write `tieBreak`, or remove it"),
        mistake(
            "a second table of one name",
            "table: dim_order",
            "table: dim_state",
            "17:12: the star has a second table `dim_state`",
            "give one of them another name"),
        mistake(
            "a bad table name",
            "table: dim_order",
            "table: DimOrder",
            "17:12: `DimOrder` is no name for a table",
            "write `dimorder`"),
        mistake(
            "an unknown type of dimension",
            "scdType: 1",
            "scdType: 3",
            "19:14: a dimension of type 3 is not known",
            "write 1 (overwrite) or 2 (keep the past)"),
        mistake(
            "no type of dimension",
            "    scdType: 1\n",
            "",
            "17:5: a dimension has no `scdType`",
            "add `scdType: …`"),
        mistake(
            "no business key",
            "businessKey: [id]",
            "businessKey: []",
            "20:18: `businessKey` is empty",
            "name at least one"),
        mistake(
            "a business key that does not exist",
            "businessKey: [id]",
            "businessKey: [idd]",
            "20:19: the source `orders` has no column `idd`",
            "write `id`"),
        mistake(
            "an effective date that is no date",
            "effectiveFrom: to_date(changed)",
            "effectiveFrom: changed",
            "21:20: `changed` is of type timestamp",
            "write an expression of type date"),
        mistake(
            "an effective date of an unknown column",
            "effectiveFrom: to_date(changed)",
            "effectiveFrom: to_date(change)",
            "21:20: `to_date(change)` names the column `change`, which does not exist",
            "write `changed`"),
        mistake(
            "a tie-break that does not exist",
            "tieBreak: [lines]",
            "tieBreak: [line]",
            "11:16: the source `orders` has no column `line`",
            "write `lines`"),
        mistake(
            "a tie-break by arrival",
            "tieBreak: [lines]",
            "tieBreak: [_landing_seq]",
            "11:16: the source `orders` has no column `_landing_seq`",
            "use one of amount, changed, day, id, lines, paid, state"),
        mistake(
            "an attribute that does not exist",
            "tracked: [state]",
            "tracked: [stat]",
            "22:15: the source `orders` has no column `stat`",
            "write `state`"),
        mistake(
            "an attribute named twice",
            "untracked: [changed]",
            "untracked: [changed, paid]",
            "15:26: the table `dim_state` has a second column `paid`",
            "give one of them another name"),
        mistake(
            "an attribute of a reserved name",
            "untracked: [changed]",
            "untracked: [{name: valid_to, expression: day}]",
            "15:24: the table `dim_state` has a second column `valid_to`",
            "give one of them another name"),
        mistake(
            "an attribute without a name",
            "{name: big, expression: amount > 50,",
            "{expression: amount > 50,",
            "14:9: an attribute that is not a column of the source has no `name`",
            "add `name: …`"),
        mistake(
            "an attribute without an expression",
            "{name: big, expression: amount > 50,",
            "{name: big,",
            "14:9: an attribute that is not a column of the source has no `expression`",
            "add `expression: …`"),
        mistake(
            "an expression that does not parse",
            "expression: amount > 50",
            "expression: amount > 50)",
            "14:33: `amount > 50)` does not parse as Spark SQL: [PARSE_SYNTAX_ERROR] Syntax"
                + " error at or near ')': extra input ')'.(line 1, pos 11)",
            "correct the expression"),
        mistake(
            "an expression on an unknown column",
            "expression: amount > 50",
            "expression: amounts > 50",
            "14:33: `amounts > 50` names the column `amounts`, which does not exist",
            "write `amount`"),
        mistake(
            "an expression that is not exact",
            "CAST(amount / lines AS DECIMAL(12,2))",
            "amount / 2.0D",
            "38:38: `amount / 2.0D` is of type double, which is not exact",
            "cast it: CAST(… AS DECIMAL(18,5))"),
        mistake(
            "an expression over several rows",
            "CAST(amount / lines AS DECIMAL(12,2))",
            "sum(amount)",
            "38:38: `sum(amount)` aggregates rows",
            "use the columns of one row only"),
        mistake(
            "an expression that depends on the day",
            "CAST(amount / lines AS DECIMAL(12,2))",
            "datediff(current_date(), day)",
            "38:38: `datediff(current_date(), day)` depends on when it is computed, so that a"
                + " rebuild would give something else",
            "use the columns of the record only"),
        mistake(
            "a deletion that is not true or false",
            "deleteWhen: lines = 0",
            "deleteWhen: lines",
            "16:17: `lines` is of type bigint",
            "write an expression of type boolean"),
        mistake(
            "a calendar over no date",
            "columns: [day]",
            "columns: [day, lines]",
            "25:18: `lines` is of type bigint",
            "name a column of type date"),
        mistake(
            "a calendar over an unknown column",
            "columns: [day]",
            "columns: [day, days]",
            "25:18: the source `orders` has no column `days`",
            "write `day`"),
        mistake(
            "an unknown month",
            "fiscalYearStartMonth: 4",
            "fiscalYearStartMonth: 13",
            "26:25: there is no month 13",
            "write 1 to 12"),
        mistake(
            "a holiday that is none",
            "[12-25, 4",
            "[12-32, 4",
            "27:14: '12-32' is no holiday",
            "write 12-25 (month-day), 4 THURSDAY 11 (fourth of November) or LAST MONDAY 5"),
        mistake(
            "a fifth weekday",
            "4 THURSDAY 11",
            "5 THURSDAY 11",
            "27:21: '5 THURSDAY 11' is no holiday",
            "write 12-25 (month-day), 4 THURSDAY 11 (fourth of November) or LAST MONDAY 5"),
        mistake(
            "a holiday on no weekday",
            "LAST MONDAY 5",
            "LAST FIRDAY 5",
            "27:36: 'LAST FIRDAY 5' is no holiday",
            "write 12-25 (month-day), 4 THURSDAY 11 (fourth of November) or LAST MONDAY 5"),
        mistake(
            "a grain that is not the key",
            "grain: [id]",
            "grain: [id, state]",
            "31:13: the grain is not the key of `orders`",
            "write [id]"),
        mistake(
            "a grain that does not exist",
            "grain: [id]",
            "grain: [ids]",
            "31:13: the source `orders` has no column `ids`",
            "write `id`",
            "43:15: the table `gold.fact_orders` has no column `id`",
            "write `ids`"),
        mistake(
            "a date reference that is no date",
            "date: day}",
            "date: lines}",
            "33:33: `lines` is of type bigint",
            "name a column of type date"),
        mistake(
            "a date reference that the calendar does not cover",
            "  columns: [day]",
            "  columns: []",
            "25:12: `columns` is empty",
            "name at least one",
            "33:33: the calendar `dim_date` does not cover `day`",
            "add it to the `columns` of the `dateDimension`"),
        mistake(
            "a date reference without a calendar",
            "dateDimension:\n  table: dim_date\n  columns: [day]\n  fiscalYearStartMonth: 4\n "
                + " holidays: [12-25, 4 THURSDAY 11, LAST MONDAY 5]\n",
            "",
            "28:18: the star has no calendar to refer to",
            "add a `dateDimension`"),
        mistake(
            "a reference to an unknown dimension",
            "dimension: dim_state",
            "dimension: dim_stat",
            "35:40: the star has no dimension `dim_stat`",
            "write `dim_state`, or add it to `dimensions`"),
        mistake(
            "a reference as of no date",
            "asOf: day",
            "asOf: lines",
            "35:57: `lines` is of type bigint",
            "write an expression of type date"),
        mistake(
            "a reference without its day",
            ", asOf: day",
            "",
            "35:9: a reference has no `asOf`",
            "add `asOf: …`"),
        mistake(
            "a fact column named twice",
            "      - amount\n",
            "      - amount\n      - amount\n",
            "38:9: the table `fact_orders` has a second column `amount`",
            "give one of them another name"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void reportsWithPlaceCauseAndFix(
      String what, String correct, String wrong, List<String> expected) {
    assertMistakes(edited(correct, wrong), expected);
  }
}
