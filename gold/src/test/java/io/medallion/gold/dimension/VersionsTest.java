package io.medallion.gold.dimension;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.gold.build.Line;
import io.medallion.gold.build.Reference;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import io.medallion.gold.star.Star.Dimension;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private static final LocalDate DAY = LocalDate.of(1900, 1, 10);

  /** Ends where the name says so. */
  private static final Dimension ENDING =
      new Dimension(
          "dim_customer",
          "customer_key",
          "Customers",
          Shop.CUSTOMER.scdType(),
          Shop.CUSTOMER.businessKey(),
          "day",
          List.of("line_id"),
          Shop.CUSTOMER.tracked(),
          Shop.CUSTOMER.untracked(),
          Optional.of("name = 'gone'"));

  private static final Reference.Rule ENDING_RULE =
      new Reference.Rule(
          Reference.CUSTOMER.key(),
          Reference.CUSTOMER.tracked(),
          Reference.CUSTOMER.untracked(),
          line -> "gone".equals(line.name()));

  /**
   * Every event that a member can show: state, state absent, end; on each of three days or none.
   */
  private static List<Line> events() {
    List<Line> events = new ArrayList<>();
    for (LocalDate day : new LocalDate[] {null, DAY, DAY.plusDays(1)}) {
      for (String name : new String[] {"A", "B", null, "gone"}) {
        events.add(Line.of("o", 0, day).customer("?", name, "S").email(name + "@" + day));
      }
    }
    return events;
  }

  @Test
  void everyCombinationOfOneTwoAndThreeEventsIsWhatWalkingThroughTheDaysGives() {
    List<Line> events = events();
    List<Line> lines = new ArrayList<>();
    int member = 0;
    for (int i = 0; i < events.size(); i++) {
      member = add(lines, member, events.get(i));
      for (int j = 0; j < events.size(); j++) {
        member = add(lines, member, events.get(i), events.get(j));
        for (int k = 0; k < events.size(); k++) {
          member = add(lines, member, events.get(i), events.get(j), events.get(k));
        }
      }
    }
    assertThat(member).isEqualTo(12 + 12 * 12 + 12 * 12 * 12);

    Dataset<Row> observed =
        Observations.of(Shop.rows(Session.small(), lines), ENDING, List.of("order_id", "line_id"));
    List<String> expected =
        Reference.versions(lines, ENDING_RULE).stream()
            .map(
                v -> {
                  List<Object> values = new ArrayList<>(v.key());
                  values.addAll(v.values());
                  values.addAll(List.of(v.from(), v.to(), v.to().getYear() == 9999));
                  return values.toString().replace(", ", ",");
                })
            .sorted()
            .toList();
    assertThat(sorted(Versions.of(observed, ENDING))).isEqualTo(expected);

    Dataset<Row> states = Versions.states(observed, ENDING);
    Dataset<Row> changing = Versions.changing(states, ENDING);
    Dataset<Row> moving = observed.join(changing, "customer");
    assertThat(
            sorted(
                Versions.steady(states, changing, ENDING).unionByName(Versions.of(moving, ENDING))))
        .isEqualTo(expected);
  }

  private static List<String> sorted(Dataset<Row> versions) {
    return versions
        .selectExpr("customer", "name", "segment", "email", "valid_from", "valid_to", "is_current")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  private static int add(List<Line> lines, int member, Line... events) {
    for (int i = 0; i < events.length; i++) {
      Line event = events[i];
      lines.add(
          new Line(
              "m" + member,
              i,
              event.day(),
              null,
              "m" + member,
              event.name(),
              event.segment(),
              event.email(),
              null,
              null,
              null,
              null,
              null,
              null,
              null));
    }
    return member + 1;
  }

  @Test
  void aSurrogateKeyTellsWhichPartOfTheBusinessKeyIsAbsent() {
    SparkSession spark = Session.small();
    List<Long> keys =
        spark
            .sql(
                "SELECT * FROM VALUES ('a', NULL, 'b'), ('a', 'b', NULL), (NULL, 'a', 'b'),"
                    + " ('a', 'b', '') AS t(x, y, z)")
            .select(
                SurrogateKey.of(List.of("x", "y", "z"), org.apache.spark.sql.functions.lit(DAY)))
            .collectAsList()
            .stream()
            .map(row -> row.getLong(0))
            .toList();

    assertThat(keys).doesNotHaveDuplicates().doesNotContain(0L);
  }

  @Test
  void aSurrogateKeyIsTheSameForEver() {
    Line line = Line.of("o1", 1, DAY);

    List<Row> rows =
        Versions.of(
                Observations.of(
                    Shop.rows(Session.small(), List.of(line)),
                    Shop.CUSTOMER,
                    List.of("order_id", "line_id")),
                Shop.CUSTOMER)
            .select("customer_key")
            .collectAsList();

    assertThat(rows).extracting(row -> row.getLong(0)).containsExactly(KEY_OF_C1);
  }

  private static final long KEY_OF_C1 = -6285876441530772308L;
}
