package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.silver.parse.ColumnLayout;
import io.medallion.silver.parse.ParsedText;
import io.medallion.silver.parse.SilverColumns;
import io.medallion.testkit.LocalSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RulesTest {
  private static final Contract CONTRACT =
      OrdersContract.read(
          """
          apiVersion: v3.1.0
          kind: DataContract
          id: test.ruled
          version: "1.0.0"
          status: active
          schema:
            - name: ruled
              logicalType: object
              description: One column for every kind of rule.
              properties:
                - {name: id, logicalType: string, required: true, primaryKey: true}
                - {name: low, logicalType: integer, logicalTypeOptions: {minimum: 1, maximum: 5}}
                - name: open
                  logicalType: number
                  physicalType: decimal(5,2)
                  logicalTypeOptions: {exclusiveMinimum: 0, exclusiveMaximum: 1.5}
                - {name: day, logicalType: date, logicalTypeOptions: {minimum: 2010-01-01}}
                - {name: code, logicalType: string, logicalTypeOptions: {minLength: 2, maxLength: 4, pattern: "[A-Z]+|x."}}
                - name: state
                  logicalType: string
                  quality:
                    - {name: state_known, metric: invalidValues, arguments: {validValues: [new, sent]}, mustBe: 0}
                - name: hint
                  logicalType: string
                  quality:
                    - {name: hint_known, metric: invalidValues, arguments: {validValues: [a]}, mustBe: 0, severity: warning}
              quality:
                - name: sent_is_coded
                  type: custom
                  engine: medallion
                  description: What was sent has a code.
                  implementation: state <> 'sent' OR code IS NOT NULL
                - name: low_with_open
                  type: custom
                  engine: medallion
                  description: Low and open come together.
                  implementation: low > 0 AND open > 0
                  severity: warning
              customProperties:
                - property: feeds
                  value:
                    - {name: ruled, format: csv}
          """);

  private static final Map<String, Row> JUDGED = new LinkedHashMap<>();

  @BeforeAll
  static void applyRules() {
    List<Row> parsed =
        ParsedText.rows(
            CONTRACT,
            "id,low,open,day,code,state,hint\n"
                + "holds,1,0.01,2010-01-01,AB,new,a\n"
                + "holds too,5,1.49,2024-03-01,x\u00e9,sent,a\n"
                + "absent,,,,,,\n"
                + "at the bounds,1,1.5,2010-01-01,ABCD,new,a\n"
                + "zero,1,0,2010-01-01,ABCD,new,a\n"
                + "outside,6,-1,2009-12-31,abcde,lost,b\n"
                + "short,1,1,2010-01-01,A,New,a\n"
                + "two lines,1,1,2010-01-01,\"AB\nCD\",new,a\n"
                + "next line,1,1,2010-01-01,AB\u0085,new,a\n"
                + "uncoded,1,1,2010-01-01,,sent,a\n"
                + "mistyped,x,2,2010-01-01,AB,old,a\n"
                + "long,1,1,2010-01-01,AB,"
                + "s".repeat(100)
                + ",a\n");
    Dataset<Row> rows =
        LocalSession.shared()
            .createDataFrame(
                parsed, SilverColumns.parsed(ColumnLayout.of(CONTRACT, CONTRACT.feeds().get(0))));
    for (Row row : Rules.apply(CONTRACT, rows).collectAsList()) {
      JUDGED.put(row.getAs("id"), row);
    }
  }

  @Test
  void acceptsWhatKeepsEveryRule() {
    assertThat(reasons("holds")).isEmpty();
    assertThat(reasons("holds too")).isEmpty();
    assertThat(warnings("holds")).isEmpty();
  }

  @Test
  void takesEveryRuleToHoldForAbsentValues() {
    assertThat(reasons("absent")).isEmpty();
    assertThat(warnings("absent")).isEmpty();
  }

  @Test
  void excludesABoundThatIsExclusive() {
    assertThat(reasons("at the bounds"))
        .containsExactly(
            "open_range(open): open must be more than 0 and less than 1.5 but is 1.50");
    assertThat(reasons("zero"))
        .containsExactly(
            "open_range(open): open must be more than 0 and less than 1.5 but is 0.00");
  }

  @Test
  void namesEveryBrokenRule() {
    assertThat(reasons("outside"))
        .containsExactlyInAnyOrder(
            "low_range(low): low must be at least 1 and at most 5 but is 6",
            "open_range(open): open must be more than 0 and less than 1.5 but is -1.00",
            "day_range(): not so: day must be >= DATE'2010-01-01'",
            "code_length(code): code has a length out of bounds: 5",
            "code_pattern(code): code does not match [A-Z]+|x.: 'abcde'",
            "state_known(state): state is not one of new, sent: 'lost'");
    assertThat(warnings("outside")).containsExactlyInAnyOrder("hint_known", "low_with_open");
  }

  @Test
  void measuresLengthInCharacters() {
    assertThat(reasons("short"))
        .containsExactlyInAnyOrder(
            "code_length(code): code has a length out of bounds: 1",
            "state_known(state): state is not one of new, sent: 'New'");
  }

  @Test
  void matchesTheWholeOfAText() {
    assertThat(reasons("two lines"))
        .containsExactlyInAnyOrder(
            "code_length(code): code has a length out of bounds: 5",
            "code_pattern(code): code does not match [A-Z]+|x.: 'AB\nCD'");
    assertThat(reasons("next line"))
        .containsExactly("code_pattern(code): code does not match [A-Z]+|x.: 'AB\u0085'");
  }

  @Test
  void refusesWhereAnExpressionIsFalse() {
    assertThat(reasons("uncoded"))
        .containsExactly("sent_is_coded(): not so: What was sent has a code.");
  }

  @Test
  void addsToWhatParsingFound() {
    assertThat(reasons("mistyped"))
        .containsExactlyInAnyOrder(
            "low_type(low): low is not an integer: 'x'",
            "open_range(open): open must be more than 0 and less than 1.5 but is 2.00",
            "state_known(state): state is not one of new, sent: 'old'");
  }

  @Test
  void showsTheBeginningOfALongText() {
    assertThat(reasons("long"))
        .containsExactly(
            "state_known(state): state is not one of new, sent: '" + "s".repeat(80) + "'");
  }

  @Test
  void losesNoRecord() {
    assertThat(JUDGED).hasSize(12);
  }

  private static List<String> reasons(String id) {
    Row row = JUDGED.get(id);
    return row.<Row>getList(row.fieldIndex(SilverColumns.REASONS)).stream()
        .map(r -> r.getString(0) + "(" + r.getString(1) + "): " + r.getString(2))
        .toList();
  }

  private static List<String> warnings(String id) {
    Row row = JUDGED.get(id);
    return row.getList(row.fieldIndex(SilverColumns.WARNINGS));
  }
}
