package io.medallion.warehouse;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.gold.star.Star;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A star in gold as its last finished build left it.
 *
 * <p>Tables are read at the versions that the ledger names, not at their latest ones: a build that
 * is under way, or was killed, has committed some of its tables and not others.
 */
final class GoldState {
  private final Map<String, Source> sources = new HashMap<>();

  private record Source(LakeTable table, Snapshot snapshot, boolean latest) {}

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
      Long version = build.get().versions().get(table.qualifiedName());
      if (version == null || table.version() < version) {
        throw new LakeException(
            table.qualifiedName() + " is not what gold's last build left",
            "run medallion gold --star " + star.name() + " first");
      }
      DeltaLog log = DeltaLog.forTable(spark, table.path());
      Snapshot newest = log.update(false, Option.empty(), Option.empty());
      boolean latest = newest.version() == version;
      // Asked for by number, Delta computes a version's state anew though it is the latest one.
      Snapshot snapshot =
          latest ? newest : log.getSnapshotAt(version, Option.empty(), Option.empty());
      state.sources.put(name, new Source(table, snapshot, latest));
    }
    return Optional.of(state);
  }

  GoldVersion version(String table) {
    Snapshot snapshot = sources.get(table).snapshot();
    return new GoldVersion(snapshot.metadata().id(), snapshot.version());
  }

  /** The columns, with nullability and comments. */
  StructType schema(String table) {
    return sources.get(table).snapshot().schema();
  }

  Dataset<Row> rows(String table) {
    Source source = sources.get(table);
    return source.latest()
        ? source.table().read()
        : source.table().read(source.snapshot().version());
  }

  /** Row changes after a version, up to this one. */
  Dataset<Row> changesAfter(String table, long version) {
    Source source = sources.get(table);
    return source.table().changes(version + 1, source.snapshot().version());
  }

  /** Versions by qualified name, as the ledger has them. */
  Map<String, Long> versions(List<String> tables) {
    Map<String, Long> versions = new HashMap<>();
    tables.forEach(table -> versions.put("gold." + table, version(table).version()));
    return versions;
  }
}
