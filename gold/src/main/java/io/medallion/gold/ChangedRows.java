package io.medallion.gold;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.ledger.Entry;
import io.medallion.gold.star.Star.Check;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The fact rows that a build wrote, for checks that need look at no others.
 *
 * <p>A check that passed on all rows at the last build can only fail on rows written since. One
 * that failed then is evaluated on all rows again, so that a breach stays until it is mended.
 */
final class ChangedRows implements AutoCloseable {
  private final Map<String, Dataset<Row>> byTable;
  private final Set<String> passedBefore;
  private final Set<String> lostKeys;

  private ChangedRows(
      Map<String, Dataset<Row>> byTable, Set<String> passedBefore, Set<String> lostKeys) {
    this.byTable = byTable;
    this.passedBefore = passedBefore;
    this.lostKeys = lostKeys;
  }

  /** No check may be restricted. */
  static ChangedRows all() {
    return new ChangedRows(Map.of(), Set.of(), Set.of());
  }

  /** The rows of the facts as they were written since the last build. */
  static ChangedRows since(
      List<FactTable> facts,
      Entry last,
      Map<String, TableChange> changes,
      List<CheckResult> lastResults) {
    Map<String, Dataset<Row>> byTable = new HashMap<>();
    for (FactTable fact : facts) {
      String name = fact.table().qualifiedName();
      long before = last.versions().get(name);
      long now = fact.table().version();
      Dataset<Row> written =
          now == before
              ? fact.table().read(now).limit(0)
              : fact.table()
                  .changes(before + 1, now)
                  .where(col("_change_type").isin("insert", "update_postimage"));
      byTable.put(name, written.persist(StorageLevel.MEMORY_AND_DISK()));
    }
    Set<String> passed = new HashSet<>();
    lastResults.stream().filter(CheckResult::passed).forEach(r -> passed.add(r.check()));
    Set<String> lost = new HashSet<>();
    changes.values().stream()
        .filter(change -> change.deleted() > 0)
        .forEach(change -> lost.add("gold." + change.table()));
    return new ChangedRows(byTable, passed, lost);
  }

  /** The rows that the check need look at; absent where it must look at all. */
  Optional<Dataset<Row>> enough(Check check, String table) {
    boolean keysLost =
        check instanceof Check.Relationship relationship
            && lostKeys.contains(Checks.qualified(relationship.toTable()));
    return passedBefore.contains(check.name()) && !keysLost
        ? Optional.ofNullable(byTable.get(table))
        : Optional.empty();
  }

  /** The rows of a table that were written. */
  Dataset<Row> of(String table) {
    return byTable.get(table);
  }

  @Override
  public void close() {
    byTable.values().forEach(Dataset::unpersist);
  }
}
