package io.medallion.core.contract;

import static io.medallion.core.contract.OrdersContract.assertMistakes;
import static io.medallion.core.contract.OrdersContract.edited;
import static io.medallion.core.contract.OrdersContract.mistake;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in the contract as a whole, its table, its columns and its key. */
class ContractFieldMistakesTest {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "a syntax error",
            "id: test.orders",
            "id: [test.orders",
            "4:8: this is not YAML: while parsing a flow sequence; expected ',' or ']', but got :",
            "correct the indentation, quotes or brackets here or just before"),
        mistake(
            "an unknown key",
            "status: active",
            "state: active",
            "1:1: a contract has no `status`",
            "add `status: …`",
            "5:1: a contract has no key `state`",
            "write `status`, or remove it"),
        mistake(
            "an unknown key of a column",
            "        required: true",
            "        requird: true\n        required: true",
            "13:9: a column has no key `requird`",
            "write `required`, or remove it"),
        mistake(
            "a key that stands twice",
            "status: active",
            "status: active\nstatus: draft",
            "6:1: the key `status` stands here a second time, after line 5",
            "keep one of the two"),
        mistake(
            "an alias",
            "status: active",
            "status: *active",
            "5:9: YAML aliases (*active) are not read",
            "repeat the value here"),
        mistake(
            "a second document",
            "status: active",
            "status: active\n---\nstatus: active",
            "1:1: a contract has no `schema`",
            "add `schema: …`",
            "7:1: a second document begins here",
            "keep one document per file, without `---`"),
        mistake(
            "an unknown version of the standard",
            "apiVersion: v3.1.0",
            "apiVersion: v2.2.2",
            "1:13: the apiVersion `v2.2.2` is not known",
            "write v3.1.0"),
        mistake(
            "another kind of document",
            "kind: DataContract",
            "kind: DataProduct",
            "2:7: the kind `DataProduct` is not known",
            "write DataContract"),
        mistake(
            "a missing field",
            "id: test.orders\n",
            "",
            "1:1: a contract has no `id`",
            "add `id: …`"),
        mistake(
            "a missing name",
            "      - name: lines\n        logicalType: integer",
            "      - logicalType: integer",
            "37:9: a column has no `name`",
            "add `name: …`"),
        mistake(
            "a blank field", "id: test.orders", "id: ''", "3:5: `id` is blank", "write its value"),
        mistake(
            "a field of the wrong type",
            "version: \"1.2.3\"",
            "version: 1.2",
            "4:10: `version` must be text, but is the number 1.2",
            "put it in quotes"),
        mistake(
            "a field without a value",
            "id: test.orders",
            "id:",
            "3:4: `id` must be text, but is empty",
            "write a text"),
        mistake(
            "a version that is not semantic",
            "version: \"1.2.3\"",
            "version: \"1.2\"",
            "4:10: the version `1.2` is not semantic",
            "write three numbers, such as \"1.0.0\""),
        mistake(
            "an unknown status",
            "status: active",
            "status: live",
            "5:9: the status `live` is not known",
            "write proposed, draft, active, deprecated, retired"),
        mistake(
            "a flag that is text",
            "required: true",
            "required: yes",
            "11:15: the key column `id` may be absent",
            "add `required: true`",
            "13:19: `required` must be true or false, but is the text 'yes'",
            "write true or false, without quotes"),
        mistake(
            "a list that is text",
            "value: [Order Day]",
            "value: Order Day",
            "28:40: `aliases` must be a list, but is the text 'Order Day'",
            "write it as [one, two] or as lines that begin with `- `"),
        mistake(
            "an item that is no text",
            "value: [Order Day]",
            "value: [1]",
            "28:41: an item of `aliases` must be text, but is the number 1",
            "put it in quotes"),
        mistake(
            "a mapping that is text",
            "logicalTypeOptions: {exclusiveMinimum: 0, maximum: 99.5}",
            "logicalTypeOptions: positive",
            "33:29: `logicalTypeOptions` must be a mapping, but this is the text 'positive'",
            "write it as `key: value` lines"),
        mistake(
            "a number that is text",
            "maximum: 99.5",
            "maximum: '99.5'",
            "33:60: `maximum` must be a number, but is the text '99.5'",
            "write a number, without quotes"),
        mistake(
            "a whole number with a fraction",
            "minLength: 2",
            "minLength: 2.5",
            "15:41: `minLength` must be a whole number, but is 2.5",
            "write it without fraction, within 32 bits"),
        mistake(
            "an empty schema",
            "  - name: orders\n    logicalType: object",
            "  - logicalType: object",
            "7:5: a schema object has no `name`",
            "add `name: …`"),
        mistake(
            "a table that is no object",
            "logicalType: object",
            "logicalType: array",
            "8:18: a table's logical type is not `array`",
            "write `object`"),
        mistake(
            "a reserved table",
            "  - name: orders\n    logicalType",
            "  - name: quarantine\n    logicalType",
            "7:11: `quarantine` is reserved for a table of Medallion's own",
            "choose another name for a table"),
        mistake(
            "a reserved column",
            "name: lines",
            "name: _lines",
            "37:15: `_lines` is reserved: names with a leading underscore are Medallion's own",
            "write the name without it"),
        mistake(
            "a name in another case",
            "name: lines",
            "name: Order-Lines",
            "37:15: `Order-Lines` is no name for a column",
            "write `order_lines`"),
        mistake(
            "a name that cannot be one",
            "name: lines",
            "name: 1_line",
            "37:15: `1_line` is no name for a column",
            "use lower case letters, digits and underscores, a letter first"),
        mistake(
            "a second column of one name",
            "name: lines",
            "name: state",
            "37:15: a second column is named `state`, after line 16",
            "give one of them another name"),
        mistake(
            "a second rule of one name",
            "name: state_short",
            "name: state_known",
            "22:20: a second rule is named `state_known`, after line 21",
            "give one of them another name"),
        mistake(
            "an unknown logical type",
            "logicalType: integer",
            "logicalType: int",
            "38:22: the logical type `int` is not known",
            "use one of boolean, date, integer, number, string, timestamp"),
        mistake(
            "a type that cannot be held",
            "logicalType: integer",
            "logicalType: array",
            "38:22: the logical type `array` is not known",
            "use one of boolean, date, integer, number, string, timestamp"),
        mistake(
            "a number without a precision",
            "        physicalType: decimal(12,2)\n",
            "",
            "31:22: a number does not say how exact it is",
            "add `physicalType: decimal(p,s)`, with p digits, s of them fractional"),
        mistake(
            "a number that is not exact",
            "decimal(12,2)",
            "double",
            "32:23: `double` is no exact number",
            "write `decimal(p,s)`, with p digits, s of them fractional"),
        mistake(
            "a decimal of too many digits",
            "decimal(12,2)",
            "decimal(39,2)",
            "32:23: decimal(39,2) is not a decimal of 1 to 38 digits",
            "write 1 to 38 digits, no more of them fractional"),
        mistake(
            "a decimal of more fraction than digits",
            "decimal(12,2)",
            "decimal(2,12)",
            "32:23: decimal(2,12) is not a decimal of 1 to 38 digits",
            "write 1 to 38 digits, no more of them fractional"),
        mistake(
            "another physical name",
            "    description: An order.",
            "    description: An order.\n    physicalName: orders_1",
            "10:5: a table is stored under its `name`",
            "remove it, or change `name`"),
        mistake(
            "no key column",
            "        primaryKey: true\n",
            "",
            "7:5: no column belongs to the primary key, so that versions of a row cannot be told",
            "add `primaryKey: true` to the columns that identify a row"),
        mistake(
            "a key column that may be absent",
            "        required: true\n",
            "",
            "11:15: the key column `id` may be absent",
            "add `required: true`"),
        mistake(
            "a position outside the key",
            "        logicalType: integer",
            "        logicalType: integer\n        primaryKeyPosition: 2",
            "39:29: a column that is not of the primary key has a position in it",
            "add `primaryKey: true`, or remove `primaryKeyPosition`"),
        mistake(
            "two key columns of one position",
            "        primaryKey: true\n        logicalTypeOptions: {minLength: 2, maxLength: 9,"
                + " pattern: \"[A-Z]+\"}\n      - name: state\n        logicalType: string\n",
            "        primaryKey: true\n        primaryKeyPosition: 1\n      - name: state\n       "
                + " logicalType: string\n        required: true\n        primaryKey: true\n       "
                + " primaryKeyPosition: 1\n",
            "20:29: `id` and `state` both have position 1 in the key",
            "number the key columns from 1, each once"),
        mistake(
            "a key column without position",
            "      - name: state\n        logicalType: string\n",
            "      - name: state\n        logicalType: string\n        required: true\n       "
                + " primaryKey: true\n        primaryKeyPosition: 1\n",
            "14:21: the key column `id` has no position among the 2",
            "add `primaryKeyPosition`, counted from 1"),
        mistake(
            "a unique column",
            "        logicalType: integer",
            "        logicalType: integer\n        unique: true",
            "39:17: `unique` cannot be checked record by record",
            "make the column the primary key, or check it in a star"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void reportsWithPlaceCauseAndFix(
      String what, String correct, String wrong, List<String> expected) {
    assertMistakes(edited(correct, wrong), expected);
  }
}
