package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.contract.Contracts;
import io.medallion.gold.star.Stars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarViewsTest {
  private static final Path CONF = Path.of(System.getProperty("medallion.root"), "conf");
  private static final Stars STARS =
      Stars.read(CONF.resolve("stars"), Contracts.read(CONF.resolve("contracts")));

  @TempDir Path dir;

  @Test
  void salesHasFiveViews() {
    assertThat(StarViews.read(CONF.resolve("views"), STARS).of(STARS.byName("sales")))
        .extracting(SemanticView::name)
        .containsExactly(
            "v_sales", "v_sales_current", "v_sales_daily", "v_top_customers", "v_category_sales");
  }

  @Test
  void thereNeedNotBeAny() {
    assertThat(StarViews.read(dir.resolve("none"), STARS).of(STARS.byName("sales"))).isEmpty();
  }

  @Test
  void everyMistakeIsToldAtOnceWithItsPlace() throws IOException {
    Path file = dir.resolve("sales.yaml");
    Files.writeString(
        file,
        """
        star: salse
        views:
          - name: v_one
            sql: DELETE FROM fact_sales
          - name: v_one
            sql: SELECT 1; SELECT 2
          - name: dim_date
            sql: SELECT 1
          - name: medallion_loads
            sql: SELECT 1
          - name: V Two
            query: SELECT 1
        """);

    assertThatThrownBy(() -> StarViews.read(dir, STARS))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            %1$s:1:7: no star file declares the star `salse`
                fix: write `sales`, or add the star
            %1$s:4:10: `sql` is no query
                fix: begin it with SELECT or WITH
            %1$s:5:11: a second view is named `v_one`, after %1$s:3:11
                fix: give one of the two another name
            %1$s:6:10: `sql` has a semicolon
                fix: write one query, and nothing after it
            %1$s:7:11: the warehouse has a table named `dim_date`
                fix: give the view another name
            %1$s:9:11: the warehouse has a table named `medallion_loads`
                fix: give the view another name
            %1$s:11:5: a view has no `sql`
                fix: add `sql: …`
            %1$s:11:11: `V Two` is no name for a view
                fix: write `v_two`
            %1$s:12:5: a view has no key `query`
                fix: use one of description, name, sql, or remove it\
            """
                .formatted(file));
  }

  @Test
  void anEditedDescriptionIsAnotherDefinition() {
    SemanticView view = new SemanticView("v", "one", "SELECT 1\n");

    assertThat(new SemanticView("v", "one", "SELECT 1").digest()).isEqualTo(view.digest());
    assertThat(new SemanticView("v", "two", "SELECT 1").digest()).isNotEqualTo(view.digest());
  }
}
