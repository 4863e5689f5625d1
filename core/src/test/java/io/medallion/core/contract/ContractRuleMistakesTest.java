package io.medallion.core.contract;

import static io.medallion.core.contract.OrdersContract.assertMistakes;
import static io.medallion.core.contract.OrdersContract.edited;
import static io.medallion.core.contract.OrdersContract.mistake;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in ranges, lengths, patterns, accepted values and predicates. */
class ContractRuleMistakesTest {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "a minimum above the maximum",
            "exclusiveMinimum: 0, maximum: 99.5",
            "minimum: 100, maximum: 99.5",
            "33:39: no value lies between 100 and 99.5",
            "write a minimum that is less than the maximum"),
        mistake(
            "an empty range",
            "exclusiveMinimum: 0, maximum: 99.5",
            "exclusiveMinimum: 5, maximum: 5",
            "33:48: no value lies between 5 and 5",
            "write a minimum that is less than the maximum"),
        mistake(
            "two minimums",
            "exclusiveMinimum: 0,",
            "exclusiveMinimum: 0, minimum: 0,",
            "33:48: the column has two bounds for its minimum",
            "keep one of the two"),
        mistake(
            "a date range upside down",
            "minimum: 2010-01-01",
            "minimum: 2031-01-01",
            "26:39: no value lies between 2031-01-01 and 2030-01-01",
            "write a minimum that is less than the maximum"),
        mistake(
            "a bound that is no date",
            "minimum: 2010-01-01",
            "minimum: 2010-02-30",
            "26:39: `minimum` is no date: '2010-02-30'",
            "write it as yyyy-MM-dd"),
        mistake(
            "a length upside down",
            "minLength: 2,",
            "minLength: 10,",
            "15:41: `minLength` 10 is greater than `maxLength` 9",
            "exchange them"),
        mistake(
            "a negative length",
            "minLength: 2,",
            "minLength: -2,",
            "15:41: a length is negative",
            "write 0 or more"),
        mistake(
            "an option of another type",
            "logicalTypeOptions: {exclusiveMinimum: 0,",
            "logicalTypeOptions: {minLength: 0,",
            "33:30: `logicalTypeOptions` has no key `minLength`",
            "use one of exclusiveMaximum, exclusiveMinimum, maximum, minimum, or remove it"),
        mistake(
            "an option that cannot be kept",
            "logicalTypeOptions: {exclusiveMinimum: 0,",
            "logicalTypeOptions: {multipleOf: 5,",
            "33:30: `multipleOf` is not checked",
            "write a `custom` rule: amount % … = 0"),
        mistake(
            "a bad regular expression",
            "pattern: \"[A-Z]+\"",
            "pattern: \"[A-Z+\"",
            "15:67: `[A-Z+` is no regular expression: Unclosed character class",
            "correct it, in the syntax of java.util.regex.Pattern"),
        mistake(
            "a pattern of a number",
            "        logicalType: integer",
            "        logicalType: integer\n        quality: [{metric: invalidValues, arguments:"
                + " {pattern: x}, mustBe: 0}]",
            "39:64: a `pattern` is for texts, and lines is of type integer",
            "remove it"),
        mistake(
            "accepted values of a decimal",
            "        customProperties:\n          - {property: groupingSeparator",
            "        quality: [{metric: invalidValues, arguments: {validValues: [1]}, mustBe:"
                + " 0}]\n        customProperties:\n          - {property: groupingSeparator",
            "34:55: `validValues` compares texts, and amount is of type decimal(12,2)",
            "write a `custom` rule with a Spark SQL predicate"),
        mistake(
            "an accepted value named twice",
            "validValues: [new, sent]",
            "validValues: [new, new]",
            "20:83: the value 'new' is named twice",
            "remove one"),
        mistake(
            "no accepted value",
            "validValues: [new, sent]",
            "validValues: []",
            "20:77: `validValues` is empty",
            "name at least one"),
        mistake(
            "a metric without arguments",
            "arguments: {validValues: [new, sent]}, ",
            "",
            "20:37: `invalidValues` does not say which values are valid",
            "add `arguments: {validValues: [ … ]}` or `arguments: {pattern: … }`"),
        mistake(
            "accepted values and a pattern in one",
            "arguments: {validValues: [new, sent]}",
            "arguments: {validValues: [new, sent], pattern: x}",
            "20:99: `validValues` and `pattern` are two rules",
            "write two items of `quality`"),
        mistake(
            "an unknown metric",
            "metric: nullValues",
            "metric: rowCount",
            "21:41: the metric `rowCount` cannot be checked record by record",
            "write `invalidValues` or `nullValues`"),
        mistake(
            "a metric that allows exceptions",
            "metric: nullValues, mustBe: 0",
            "metric: nullValues, mustBe: 5",
            "21:61: a rule holds for every record, so that the number of exceptions must be 0",
            "write `mustBe: 0`"),
        mistake(
            "a metric without a bound",
            "metric: nullValues, mustBe: 0",
            "metric: nullValues",
            "21:13: a quality rule has no `mustBe`",
            "add `mustBe: …`"),
        mistake(
            "an unknown severity",
            "mustBe: 0, severity: warning",
            "mustBe: 0, severity: warn",
            "21:74: the severity `warn` is not known",
            "write `error` (the record is quarantined) or `warning` (it is marked)"),
        mistake(
            "a rule in SQL",
            "type: custom",
            "type: sql",
            "45:15: a rule of type `sql` cannot be checked record by record",
            "write `library`, or `custom` with `engine: medallion` and a Spark SQL predicate"),
        mistake(
            "an unknown engine",
            "engine: medallion",
            "engine: soda",
            "46:17: the engine `soda` is not known",
            "write `medallion`"),
        mistake(
            "a rule without a name",
            "      - name: paid_if_sent\n        type: custom",
            "      - type: custom",
            "44:9: a quality rule has no `name`",
            "add `name: …`"),
        mistake(
            "a rule without a description",
            "        description: What was sent is paid.\n",
            "",
            "44:9: a quality rule has no `description`",
            "add `description: …`"),
        mistake(
            "a rule with a schedule",
            "        engine: medallion",
            "        engine: medallion\n        schedule: 0 20 * * *",
            "47:9: a rule has no schedule: every record is checked when it comes in",
            "remove it"),
        mistake(
            "a predicate that does not parse",
            "state <> 'sent' OR paid",
            "state <> OR paid )",
            "48:25: the predicate `state <> OR paid )` does not parse as Spark SQL:"
                + " [PARSE_SYNTAX_ERROR] Syntax error at or near ')': extra input ')'.(line 1, pos 17)",
            "correct the expression"),
        mistake(
            "a predicate on an unknown column",
            "state <> 'sent' OR paid",
            "stat <> 'sent' OR paid",
            "48:25: the predicate `stat <> 'sent' OR paid` names the column `stat`, which does"
                + " not exist",
            "write `state`"),
        mistake(
            "a predicate with an unknown function",
            "state <> 'sent' OR paid",
            "uper(state) <> 'sent' OR paid",
            "48:25: the predicate `uper(state) <> 'sent' OR paid` calls `uper`, which is no"
                + " function of Spark SQL",
            "write `upper`"),
        mistake(
            "a predicate of mixed types",
            "state <> 'sent' OR paid",
            "day + paid > 3",
            "48:25: the predicate `day + paid > 3` cannot be computed:"
                + " [DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] Cannot resolve \"date_add(day, paid)\" due"
                + " to data type mismatch: Parameter 2 requires the (\"INT\" or \"SMALLINT\" or \"TINYINT\")"
                + " type, however \"paid\" has the type \"BOOLEAN\".; line 1 pos 0",
            "correct the expression"),
        mistake(
            "a predicate that is not true or false",
            "state <> 'sent' OR paid",
            "lines + 1",
            "48:25: the predicate `lines + 1` is of type bigint",
            "write one that is true or false"),
        mistake(
            "a predicate over several rows",
            "state <> 'sent' OR paid",
            "count(*) > 1",
            "48:25: the predicate `count(*) > 1` aggregates rows",
            "use the columns of one row only"),
        mistake(
            "a predicate with a subquery",
            "state <> 'sent' OR paid",
            "lines > (SELECT 1)",
            "48:25: the predicate `lines > (SELECT 1)` reads other rows, by a subquery or a"
                + " window",
            "use the columns of one row only"),
        mistake(
            "a predicate that depends on the day",
            "state <> 'sent' OR paid",
            "day <= current_date()",
            "48:25: the predicate `day <= current_date()` depends on when it is computed, so"
                + " that a rebuild would give something else",
            "use the columns of the record only"),
        mistake(
            "a predicate by chance",
            "state <> 'sent' OR paid",
            "rand() < 0.5",
            "48:25: the predicate `rand() < 0.5` depends on when it is computed, so that a"
                + " rebuild would give something else",
            "use the columns of the record only"),
        mistake(
            "a metric of the table",
            "        type: custom\n        engine: medallion\n        description: What was sent"
                + " is paid.\n        implementation: state <> 'sent' OR paid\n",
            "        metric: nullValues\n        mustBe: 0\n",
            "45:17: the metric `nullValues` is a column's",
            "move it to the `quality` of that column"),
        mistake(
            "a second table",
            "          - {name: orders_export, format: csv}\n",
            "          - {name: orders_export, format: csv}\n  - {name: lines}\n",
            "60:5: a contract describes one table, and this is a second one",
            "write a contract for each table"),
        mistake(
            "properties that are a mapping",
            "    quality:\n      - name: paid_if_sent",
            "    relationships: []\n    qualities:\n      - name: paid_if_sent",
            "44:5: a schema object has no key `qualities`",
            "write `quality`, or remove it"),
        mistake(
            "a default time zone",
            "      - name: changed\n        logicalType: timestamp",
            "      - name: changed\n        logicalType: timestamp\n        logicalTypeOptions:"
                + " {defaultTimezone: Europe/Paris}",
            "43:47: timestamps without an offset are read as UTC",
            "write `Etc/UTC`"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void reportsWithPlaceCauseAndFix(
      String what, String correct, String wrong, List<String> expected) {
    assertMistakes(edited(correct, wrong), expected);
  }
}
