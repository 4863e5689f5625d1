package io.medallion.gold.dimension;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.gold.build.Session;
import io.medallion.gold.star.Star.DateDimension;
import io.medallion.gold.table.TableChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DateDimensionTest {
  @TempDir Path dir;
  private LakeTable table;
  private DateDimensionTable calendar;

  @BeforeEach
  void open() {
    table = new Lake(dir.toString()).table(Session.small(), Lake.Layer.GOLD, "dim_date");
    calendar =
        new DateDimensionTable(
            table,
            new DateDimension("dim_date", List.of("day"), 4, List.of("12-25", "LAST MONDAY 5")));
  }

  private List<String> days(String where) {
    return table.read().where(where).collectAsList().stream().map(Row::toString).toList();
  }

  @Test
  void describesADayByCalendarIsoWeekAndFiscalYear() {
    calendar.rebuild(Set.of(2024));

    assertThat(table.read().count()).isEqualTo(367);
    assertThat(days("date_key IN (0, 20240331, 20240401, 20241225, 20241230)"))
        .containsExactlyInAnyOrder(
            "[0,null,null,null,null,Unknown,null,null,Unknown,null,null,null,null,null]",
            "[20240331,2024-03-31,2024,1,3,March,31,7,Sunday,13,true,false,2024,4]",
            "[20240401,2024-04-01,2024,2,4,April,1,1,Monday,14,false,false,2025,1]",
            "[20241225,2024-12-25,2024,4,12,December,25,3,Wednesday,52,false,true,2025,3]",
            "[20241230,2024-12-30,2024,4,12,December,30,1,Monday,1,false,false,2025,3]");
    assertThat(days("is_holiday")).hasSize(2);
  }

  @Test
  void isExtendedToWholeYearsInBetweenAndNeverShrinks() {
    calendar.rebuild(Set.of(2020));

    TableChange extended = calendar.extend(Set.of(2023));
    TableChange again = calendar.extend(Set.of(2021, 2023));
    TableChange rebuilt = calendar.rebuild(Set.of(2022));

    assertThat(extended).isEqualTo(new TableChange("dim_date", 3 * 365, 0, 0, 2));
    assertThat(again).isEqualTo(new TableChange("dim_date", 0, 0, 0, 2));
    assertThat(rebuilt).isEqualTo(new TableChange("dim_date", 366 + 3 * 365 + 1, 0, 0, 3));
  }

  @Test
  void leavesTheYearsOutBetweenTwoThatAreFarApart() {
    calendar.rebuild(Set.of(214, 2020));

    TableChange extended = calendar.extend(Set.of(2030));

    assertThat(table.read().count()).isEqualTo(1 + 365 + 366 + extended.inserted());
    assertThat(extended.inserted()).isEqualTo(10 * 365 + 2);
  }

  @Test
  void isTheUnknownMemberAloneWhereThereIsNoDate() {
    assertThat(calendar.rebuild(Set.of())).isEqualTo(new TableChange("dim_date", 1, 0, 0, 1));
    assertThat(calendar.extend(Set.of(2024)).inserted()).isEqualTo(366);
  }
}
