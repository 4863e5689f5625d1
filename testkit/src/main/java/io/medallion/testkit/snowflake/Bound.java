package io.medallion.testkit.snowflake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;

/**
 * A statement and the values for its question marks, names that came as values put in their place.
 *
 * @param values by number, from "1"
 */
record Bound(SqlText text, JsonNode values) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Bound of(String sql, JsonNode given) {
    SqlText text = SqlText.of(sql);
    Matcher mark = text.matcher("\\bIDENTIFIER\\s*\\(\\s*(?:\\?|(«\\d+»))\\s*\\)|\\?");
    StringBuilder named = new StringBuilder();
    ObjectNode values = JSON.createObjectNode();
    int number = 0;
    while (mark.find()) {
      boolean isName = mark.group().length() > 1;
      if (isName && mark.group(1) != null) {
        mark.appendReplacement(named, name(text.plain(mark.group(1))));
        continue;
      }
      JsonNode value = given.path(Integer.toString(++number));
      if (isName && value.path("value").isTextual()) {
        mark.appendReplacement(named, name(value.path("value").asText()));
      } else {
        mark.appendReplacement(named, Matcher.quoteReplacement(mark.group()));
        if (!value.isMissingNode()) {
          values.set(Integer.toString(values.size() + 1), value);
        }
      }
    }
    mark.appendTail(named);
    return new Bound(text.with(named.toString()), values);
  }

  private static String name(String written) {
    return Matcher.quoteReplacement(SqlText.of(written).sql());
  }
}
