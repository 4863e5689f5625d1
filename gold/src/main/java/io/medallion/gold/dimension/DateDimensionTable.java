package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.dayofmonth;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.year;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.medallion.core.lake.LakeTable;
import io.medallion.core.rows.LocalRows;
import io.medallion.gold.star.Holiday;
import io.medallion.gold.star.Star.DateDimension;
import io.medallion.gold.table.CachedTable;
import io.medallion.gold.table.GoldTable;
import io.medallion.gold.table.RowDifference;
import io.medallion.gold.table.TableChange;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The calendar: whole years, extended where dates come in that it does not cover. Years between two
 * that occur are in it too, unless these are more than 20 years apart.
 */
public final class DateDimensionTable {
  /** The surrogate key's column. */
  public static final String KEY = "date_key";

  private static final StructType SCHEMA =
      new StructType()
          .add(GoldTable.field(KEY, IntegerType, false, "yyyymmdd; 0 is no date"))
          .add(GoldTable.field("date", DateType, true, "The day"))
          .add(number("year", "Calendar year"))
          .add(number("quarter", "Calendar quarter, 1 to 4"))
          .add(number("month", "Month, 1 to 12"))
          .add(GoldTable.field("month_name", StringType, true, "English name of the month"))
          .add(number("day", "Day of the month"))
          .add(number("day_of_week", "ISO day of the week: 1 is Monday"))
          .add(GoldTable.field("day_name", StringType, true, "English name of the day"))
          .add(number("iso_week", "ISO week of the week-based year"))
          .add(flag("is_weekend", "Saturday or Sunday"))
          .add(flag("is_holiday", "Whether a holiday rule of the star names the day"))
          .add(number("fiscal_year", "Fiscal year, named by the calendar year it ends in"))
          .add(number("fiscal_quarter", "Quarter of the fiscal year, 1 to 4"));

  /** A date mistyped into the year 214 must not add the days of eighteen centuries. */
  private static final int LONGEST_GAP_YEARS = 20;

  private final LakeTable table;
  private final CachedTable cached;
  private final DateDimension dimension;

  DateDimensionTable(LakeTable table, DateDimension dimension) {
    this.table = table;
    this.cached = new CachedTable(table);
    this.dimension = dimension;
  }

  public LakeTable table() {
    return table;
  }

  /** The table's latest rows. */
  CachedTable cached() {
    return cached;
  }

  /** Builds the calendar anew. Years that it covered before stay covered. */
  TableChange rebuild(Set<Integer> years) {
    Set<Integer> covered = spanning(years, coveredYears());
    List<InternalRow> rows = new ArrayList<>(days(covered));
    rows.add(unknownMember());
    return GoldTable.overwrite(
        table, SCHEMA, LocalRows.table(table.spark(), rows, SCHEMA.asNullable()));
  }

  /** Makes the table, without rows. */
  public void create() {
    GoldTable.create(table, SCHEMA);
  }

  /** Appends the years that are missing; commits nothing where none is. */
  TableChange extend(Set<Integer> years) {
    Set<Integer> missing = missing(years, coveredYears());
    if (missing.isEmpty()) {
      return new TableChange(table.name(), 0, 0, 0, table.version());
    }
    List<InternalRow> days = days(missing);
    GoldTable.append(table, SCHEMA, LocalRows.table(table.spark(), days, SCHEMA.asNullable()));
    return new TableChange(table.name(), days.size(), 0, 0, table.version());
  }

  /**
   * What has to change so that the table covers more years.
   *
   * @param covered the years that it covers; absent where it has no rows at all
   */
  public RowDifference difference(Set<Integer> years, Optional<Set<Integer>> covered) {
    RowDifference difference = new RowDifference(SCHEMA);
    if (covered.isEmpty()) {
      difference.add(Optional.empty(), Optional.of(unknownMember()));
    }
    days(missing(years, covered.orElse(Set.of())))
        .forEach(day -> difference.add(Optional.empty(), Optional.of(day)));
    return difference;
  }

  /** The years that a table with {@code covered} lacks. */
  public static Set<Integer> missing(Set<Integer> years, Set<Integer> covered) {
    Set<Integer> missing = spanning(years, covered);
    missing.removeAll(covered);
    return missing;
  }

  /** One row for each year that the table covers, with the year alone. */
  public Dataset<Row> coveredYearsQuery() {
    return table
        .rowsWithin()
        .where(col("month").equalTo(1).and(col("day").equalTo(1)))
        .select("year");
  }

  /** The key of a date column: yyyymmdd, 0 where it is NULL. */
  public static Column key(Column date) {
    return coalesce(
        year(date).multiply(10_000).plus(month(date).multiply(100)).plus(dayofmonth(date)), lit(0));
  }

  private Set<Integer> coveredYears() {
    if (!table.exists()) {
      return Set.of();
    }
    Set<Integer> years = new TreeSet<>();
    cached
        .rows()
        .where(col("year").isNotNull())
        .select("year")
        .distinct()
        .collectAsList()
        .forEach(row -> years.add(row.getInt(0)));
    return years;
  }

  /** All of them, and the years between two that are not far apart. */
  private static Set<Integer> spanning(Set<Integer> some, Set<Integer> others) {
    TreeSet<Integer> all = new TreeSet<>(some);
    all.addAll(others);
    Set<Integer> spanned = new TreeSet<>(all);
    for (int year : all) {
      Integer next = all.higher(year);
      if (next != null && next - year <= LONGEST_GAP_YEARS) {
        for (int between = year + 1; between < next; between++) {
          spanned.add(between);
        }
      }
    }
    return spanned;
  }

  private List<InternalRow> days(Set<Integer> years) {
    List<InternalRow> rows = new ArrayList<>();
    for (int year : years) {
      Set<LocalDate> free = new HashSet<>();
      dimension.holidays().forEach(rule -> Holiday.parse(rule).in(year).ifPresent(free::add));
      LocalDate first = LocalDate.of(year, 1, 1);
      first
          .datesUntil(first.plusYears(1))
          .forEach(day -> rows.add(row(day, dimension.fiscalYearStartMonth(), free.contains(day))));
    }
    return rows;
  }

  private static InternalRow row(LocalDate day, int fiscalStart, boolean holiday) {
    int month = day.getMonthValue();
    int weekday = day.getDayOfWeek().getValue();
    boolean nextFiscalYear = fiscalStart > 1 && month >= fiscalStart;
    return new GenericInternalRow(
        new Object[] {
          day.getYear() * 10_000 + month * 100 + day.getDayOfMonth(),
          (int) day.toEpochDay(),
          day.getYear(),
          day.get(IsoFields.QUARTER_OF_YEAR),
          month,
          UTF8String.fromString(day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH)),
          day.getDayOfMonth(),
          weekday,
          UTF8String.fromString(day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH)),
          day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
          weekday >= 6,
          holiday,
          nextFiscalYear ? day.getYear() + 1 : day.getYear(),
          (month - fiscalStart + 12) % 12 / 3 + 1
        });
  }

  private static InternalRow unknownMember() {
    Object[] values = new Object[SCHEMA.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          SCHEMA.fields()[i].dataType().equals(StringType)
              ? UTF8String.fromString("Unknown")
              : null;
    }
    values[SCHEMA.fieldIndex(KEY)] = 0;
    return new GenericInternalRow(values);
  }

  private static org.apache.spark.sql.types.StructField number(String name, String comment) {
    return GoldTable.field(name, IntegerType, true, comment);
  }

  private static org.apache.spark.sql.types.StructField flag(String name, String comment) {
    return GoldTable.field(name, BooleanType, true, comment);
  }
}
