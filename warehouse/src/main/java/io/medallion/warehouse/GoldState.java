package io.medallion.warehouse;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.lake.TableVersion;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.gold.star.Star;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * A star in gold as its last finished build left it.
 *
 * <p>Tables are read at the versions that the ledger names, not at their latest ones: a build that
 * is under way, or was killed, has committed some of its tables and not others.
 */
final class GoldState {
  private final Map<String, TableVersion> tables = new HashMap<>();

  private GoldState() {}

  /**
   * Reads it.
   *
   * @return absent where gold never built the star
   * @throws LakeException where gold's last build was of another definition of the star
   */
  static Optional<GoldState> of(SparkSession spark, Lake lake, Ledger ledger, Star star) {
    Optional<Entry> build = ledger.last("gold", star.name());
    if (build.isEmpty()) {
      return Optional.empty();
    }
    if (!build.get().fingerprint().startsWith(star.digest())) {
      throw new LakeException(
          "star " + star.name() + " was edited since gold built it last",
          "run medallion gold --star " + star.name() + " first");
    }
    GoldState state = new GoldState();
    for (String name : star.tables()) {
      LakeTable table = lake.table(spark, Lake.Layer.GOLD, name);
      Optional<TableVersion> built =
          Optional.ofNullable(build.get().versions().get(table.qualifiedName())).flatMap(table::at);
      state.tables.put(
          name,
          built.orElseThrow(
              () ->
                  new LakeException(
                      table.qualifiedName() + " is not what gold's last build left",
                      "run medallion gold --star " + star.name() + " first")));
    }
    return Optional.of(state);
  }

  /** A table of the star. */
  TableVersion table(String name) {
    return tables.get(name);
  }

  GoldVersion version(String name) {
    TableVersion table = table(name);
    return new GoldVersion(table.tableId(), table.version());
  }

  /** The number of rows of a table, counted by a job only where its log does not tell. */
  long rowCount(String name) {
    TableVersion table = table(name);
    return table.rowCount().orElseGet(() -> table.rows().count());
  }
}
