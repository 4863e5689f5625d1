package io.medallion.jobs.inspect;

import io.medallion.core.LakeException;
import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.TableReader;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.gold.star.Star;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import io.medallion.silver.Deletes;
import io.medallion.warehouse.FinishedBuild;
import io.medallion.warehouse.LoadedWarehouse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Rows of each landed file in silver, quarantine and facts.
 *
 * <p>Every batch of silver records in the ledger how many rows of which file it brought and took,
 * and a fact has one row for each row of silver. Where all that a table holds, as its log tells it,
 * is what the ledger adds up to, and no batch is unfinished, the ledger's numbers are the table's
 * and no row is read. In every other case, and where the user asks for it, the table is counted.
 *
 * @param silver by the file's id
 * @param deletes in force, by the file that brought them
 * @param quarantine of the contract's table, by the file's id
 * @param facts by the fact table's name, and by the file's id; of a warehouse, its kind stands
 *     before the name
 */
record RowCounts(
    Contract contract,
    Counting counting,
    Map<String, Long> silver,
    Map<String, Long> deletes,
    Map<String, Long> quarantine,
    Map<String, Map<String, Long>> facts) {

  private static final String FILE_ID = "_file_id";

  /** Where numbers of rows come from. */
  enum Counting {
    /** From the ledger where the tables' logs agree with it, from the tables where not. */
    BY_LEDGER,
    /** From the tables. */
    BY_SCAN
  }

  static RowCounts of(
      ReadOnlyLakehouse lakehouse,
      LedgerReader ledger,
      Contract contract,
      Map<String, FileAccount> accounts,
      Counting counting) {
    LakeReader lake = lakehouse.reader();
    Map<String, Long> deletes = Deletes.standingByFile(lake, ledger, contract);
    TableReader silver = lake.table(Lake.Layer.SILVER, contract.table());
    Map<String, Long> accepted = new HashMap<>();
    Map<String, Long> quarantined = new HashMap<>();
    accounts.forEach(
        (file, account) -> {
          accepted.put(file, account.accepted() - deletes.getOrDefault(file, 0L));
          quarantined.put(file, account.quarantined());
        });
    Map<String, Long> inSilver =
        silver
            .latest()
            .map(
                table ->
                    counting == Counting.BY_LEDGER
                            && isFinished(table, ledger, contract)
                            && table.size().rows() == sum(accepted)
                        ? accepted
                        : table.countBy(FILE_ID, Bounds.NONE))
            .orElse(Map.of());
    Map<String, Long> inQuarantine =
        lake.quarantine()
            .latest()
            .map(
                table ->
                    counting == Counting.BY_LEDGER && table.size().rows() == ledger.quarantined()
                        ? quarantined
                        : table.countBy("file_id", Bounds.where("table_name", contract.table())))
            .orElse(Map.of());
    RowCounts counts =
        new RowCounts(contract, counting, inSilver, deletes, inQuarantine, new TreeMap<>());
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      Optional<Entry> build = ledger.last("gold", star.name());
      boolean current = inSilver == accepted && build.map(b -> built(silver, b)).orElse(false);
      for (Star.Fact fact : star.facts()) {
        TableReader table = lake.table(Lake.Layer.GOLD, fact.table());
        table
            .latest()
            .ifPresent(
                now ->
                    counts.facts.put(
                        fact.table(),
                        current && built(table, build.get()) && now.size().rows() == sum(inSilver)
                            ? inSilver
                            : now.countBy(FILE_ID, Bounds.NONE)));
      }
    }
    return counts;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(n -> n).sum();
  }

  /** Whether every batch that the table has committed is in the ledger. */
  private static boolean isFinished(TableSnapshot silver, LedgerReader ledger, Contract contract) {
    return List.of("silver", "replay").stream()
        .allMatch(
            job -> {
              OptionalLong committed =
                  silver.lastTransaction(LedgerReader.application(job, contract.table()));
              return committed.isEmpty()
                  || committed.getAsLong() <= ledger.lastBatch(job, contract.table());
            });
  }

  /** Whether the table's rows are still those that a build read or left. */
  private static boolean built(TableReader table, Entry build) {
    Long version = build.versions().get(table.qualifiedName());
    try {
      return version != null && !table.hasChangedSince(version);
    } catch (LakeException e) {
      // Its log does not reach back so far: the table is counted.
      return false;
    }
  }

  /** These counts with those of a warehouse, of each star that it holds as gold does. */
  RowCounts with(
      Optional<LoadedWarehouse> warehouse,
      ReadOnlyLakehouse lakehouse,
      LedgerReader ledger,
      List<String> behind) {
    if (warehouse.isEmpty()) {
      return this;
    }
    Map<String, Map<String, Long>> all = new TreeMap<>(facts);
    LoadedWarehouse loaded = warehouse.get();
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      boolean current =
          FinishedBuild.of(lakehouse.reader(), ledger, star)
              .map(build -> build.isLoadedIn(loaded, star))
              .orElse(false);
      if (!current) {
        behind.add(star.name());
        continue;
      }
      for (Star.Fact fact : star.facts()) {
        Map<String, Long> inGold = facts.get(fact.table());
        boolean same =
            counting == Counting.BY_LEDGER
                && inGold == silver
                && loaded.rows(fact.table()) == sum(silver);
        all.put(
            loaded.kind() + "." + fact.table(),
            same ? silver : loaded.countBy(fact.table(), FILE_ID));
      }
    }
    return new RowCounts(contract, counting, silver, deletes, quarantine, all);
  }
}
