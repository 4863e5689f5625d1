package io.medallion.warehouse.snowflake;

import static io.medallion.warehouse.snowflake.SnowflakeSql.DIALECT;

import io.medallion.core.ledger.ConservationException;
import io.medallion.warehouse.LedgerRow;
import io.medallion.warehouse.StarLoad;
import io.medallion.warehouse.TableLoad.Increment;
import io.medallion.warehouse.TableLoad.Replacement;
import io.medallion.warehouse.jdbc.CountedTable;

/** The rows of the star's tables: changed and counted within the transaction of a load. */
final class SnowflakeTables {
  private final SnowflakeSql sql;

  SnowflakeTables(SnowflakeSql sql) {
    this.sql = sql;
  }

  /**
   * Takes over what a load table holds; an increment without changes has none.
   *
   * @return what was done, counted here
   * @throws ConservationException where rows went missing or are too many
   */
  LedgerRow apply(StarLoad star, LoadTable source) {
    CountedTable table = new CountedTable(sql, source.load().table());
    if (source.load() instanceof Increment increment) {
      if (increment.count() > 0) {
        table.merge(increment, source.rows());
      }
      table.has(increment.rowsAfter());
      return LedgerRow.changed(star, increment);
    }
    Replacement load = (Replacement) source.load();
    long before = table.rows();
    table.arrived(source.rows(), load.rowsAfter());
    String name = load.table().name();
    sql.run("DELETE FROM " + DIALECT.name(name));
    table.insert(name, source.rows());
    table.has(load.rowsAfter());
    return LedgerRow.replaced(star, load, before);
  }
}
