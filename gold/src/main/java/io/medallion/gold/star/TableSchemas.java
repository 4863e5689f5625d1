package io.medallion.gold.star;

import io.medallion.core.NearestName;
import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Contracts;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The tables that the checks of a star may name, and their columns. */
final class TableSchemas {
  private final Map<String, StructType> tables = new TreeMap<>();

  /** Begins with every silver table. */
  TableSchemas(Contracts contracts) {
    contracts.all().forEach(contract -> tables.put("silver." + contract.table(), silver(contract)));
  }

  /** Returns the columns that {@code contract} declares. */
  static StructType contractColumns(Contract contract) {
    StructType row = new StructType();
    for (Column column : contract.columns()) {
      row = row.add(column.name(), column.type().sparkType());
    }
    return row;
  }

  private static StructType silver(Contract contract) {
    // The two collections are given the type of NULL, which fits every use of them.
    return contractColumns(contract)
        .add("_file_id", DataTypes.StringType)
        .add("_record_number", DataTypes.LongType)
        .add("_landing_seq", DataTypes.LongType)
        .add("_content_hash", DataTypes.LongType)
        .add("_rescued", DataTypes.NullType)
        .add("_warnings", DataTypes.NullType)
        .add("_contract_version", DataTypes.StringType);
  }

  /** Returns the columns of every calendar dimension. */
  static StructType calendar() {
    return new StructType()
        .add("date_key", DataTypes.IntegerType)
        .add("date", DataTypes.DateType)
        .add("year", DataTypes.IntegerType)
        .add("quarter", DataTypes.IntegerType)
        .add("month", DataTypes.IntegerType)
        .add("month_name", DataTypes.StringType)
        .add("day", DataTypes.IntegerType)
        .add("day_of_week", DataTypes.IntegerType)
        .add("day_name", DataTypes.StringType)
        .add("iso_week", DataTypes.IntegerType)
        .add("is_weekend", DataTypes.BooleanType)
        .add("is_holiday", DataTypes.BooleanType)
        .add("fiscal_year", DataTypes.IntegerType)
        .add("fiscal_quarter", DataTypes.IntegerType);
  }

  /** Adds a gold table; notes one that the star has already, or a column that it has twice. */
  void addGold(Located<String> table, List<Located<StructField>> columns, Mistakes mistakes) {
    StructType schema = new StructType();
    for (Located<StructField> column : columns) {
      if (Arrays.asList(schema.fieldNames()).contains(column.value().name())) {
        mistakes.add(
            column.at(),
            "the table `%s` has a second column `%s`"
                .formatted(table.value(), column.value().name()),
            "give one of them another name");
      } else {
        schema = schema.add(column.value());
      }
    }
    if (tables.putIfAbsent("gold." + table.value(), schema) != null) {
      mistakes.add(
          table.at(),
          "the star has a second table `" + table.value() + "`",
          "give one of them another name");
    }
  }

  /**
   * Returns the columns of {@code table}; absent, after noting it, where there is no such table.
   */
  Optional<StructType> find(Located<String> table, Mistakes mistakes) {
    Optional<StructType> found = Optional.ofNullable(tables.get(table.value()));
    if (found.isEmpty()) {
      mistakes.add(
          table.at(),
          "the table `" + table.value() + "` does not exist",
          NearestName.fix(table.value(), tables.keySet(), ""));
    }
    return found;
  }

  /** Notes {@code column} where {@code table} has none of that name. */
  static void checkColumn(
      Located<String> table, StructType schema, Located<String> column, Mistakes mistakes) {
    List<String> names = Arrays.asList(schema.fieldNames());
    if (!names.contains(column.value())) {
      mistakes.add(
          column.at(),
          "the table `%s` has no column `%s`".formatted(table.value(), column.value()),
          NearestName.fix(column.value(), names, ""));
    }
  }
}
