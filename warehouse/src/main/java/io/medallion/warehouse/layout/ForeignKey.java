package io.medallion.warehouse.layout;

/**
 * A column that refers to a row of another table of the star.
 *
 * @param column the referring column
 * @param table the table referred to
 * @param key its primary key
 */
public record ForeignKey(String column, String table, String key) {}
