package io.medallion.testkit.snowflake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a statement answers.
 *
 * @param kind Snowflake's number for the kind of statement
 * @param columns of the rows
 * @param rows cells as the protocol writes them, null for NULL
 */
record Result(int kind, List<Column> columns, List<List<String>> rows) {
  static final int SELECT = 0x1000;
  static final int INSERT = 0x3100;
  static final int UPDATE = 0x3200;
  static final int DELETE = 0x3300;
  static final int MERGE = 0x3400;
  static final int COPY = 0x3600;
  static final int SESSION = 0x4000;
  static final int TRANSACTION = 0x5000;
  static final int DEFINITION = 0x6000;

  /**
   * A column of the answer.
   *
   * @param type as the protocol names it: fixed, text, date and so on
   */
  record Column(String name, String type, int precision, int scale, boolean nullable) {
    static Column text(String name) {
      return new Column(name, "text", 0, 0, true);
    }

    static Column number(String name) {
      return new Column(name, "fixed", 38, 0, false);
    }
  }

  static Result done(int kind) {
    return new Result(
        kind, List.of(Column.text("status")), List.of(List.of("Statement executed successfully.")));
  }

  /** Counts of rows, each under its name. */
  static Result counts(int kind, List<String> names, long... counts) {
    List<String> row = new ArrayList<>();
    Arrays.stream(counts).forEach(count -> row.add(Long.toString(count)));
    return new Result(kind, names.stream().map(Column::number).toList(), List.of(row));
  }
}
