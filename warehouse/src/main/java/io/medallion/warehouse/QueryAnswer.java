package io.medallion.warehouse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a query of a warehouse gives.
 *
 * @param columns their names
 * @param rows values as JDBC gives them, null where they are absent
 */
public record QueryAnswer(List<String> columns, List<List<Object>> rows) {
  public QueryAnswer {
    columns = List.copyOf(columns);
    rows = rows.stream().map(row -> Collections.unmodifiableList(new ArrayList<>(row))).toList();
  }
}
