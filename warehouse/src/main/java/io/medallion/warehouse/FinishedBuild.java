package io.medallion.warehouse;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.TableReader;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.gold.star.Star;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The last build of a star that gold finished, for who only looks.
 *
 * @param tables the version of each table of the star, by the table's name
 */
public record FinishedBuild(Map<String, GoldVersion> tables) {
  public FinishedBuild {
    tables = Map.copyOf(tables);
  }

  /**
   * Reads it.
   *
   * @return absent where gold never built the star
   * @throws LakeException where gold's last build was of another definition of the star, or a table
   *     is not what it left
   */
  public static Optional<FinishedBuild> of(LakeReader lake, LedgerReader ledger, Star star) {
    Optional<Entry> build = ledger.last("gold", star.name());
    if (build.isEmpty()) {
      return Optional.empty();
    }
    if (!build.get().fingerprint().startsWith(star.digest())) {
      throw new LakeException(
          "star " + star.name() + " was edited since gold built it last",
          "run medallion gold --star " + star.name() + " first");
    }
    Map<String, GoldVersion> tables = new TreeMap<>();
    for (String name : star.tables()) {
      TableReader table = lake.table(Lake.Layer.GOLD, name);
      Long version = build.get().versions().get(table.qualifiedName());
      Optional<TableSnapshot> now = table.latest();
      if (version == null || now.isEmpty() || now.get().version() < version) {
        throw new LakeException(
            table.qualifiedName() + " is not what gold's last build left",
            "run medallion gold --star " + star.name() + " first");
      }
      tables.put(name, new GoldVersion(now.get().id(), version));
    }
    return Optional.of(new FinishedBuild(tables));
  }

  /** Whether a warehouse holds every table of the star as this build left it. */
  public boolean isLoadedIn(LoadedWarehouse warehouse, Star star) {
    Map<String, GoldVersion> loaded = warehouse.versions(star.name());
    return tables.entrySet().stream()
        .allMatch(table -> table.getValue().equals(loaded.get(table.getKey())));
  }
}
