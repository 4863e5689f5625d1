package io.medallion.silver;

import io.medallion.core.ledger.FileAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of a batch's records, counted by file: of which the accounts of the files follow.
 *
 * @param quarantined records that break a rule
 * @param passed records that break none
 * @param accepted records that entered the table, or the table of deletes
 * @param duplicates records equal to the row of their key
 * @param superseded records for whose key there is a later one
 * @param replaced rows and deletes of earlier batches whose place a record took, by their own file
 */
record BatchCounts(
    Map<String, Long> quarantined,
    Map<String, Long> passed,
    Map<String, Long> accepted,
    Map<String, Long> duplicates,
    Map<String, Long> superseded,
    Map<String, Long> replaced) {

  /** Nothing counted yet; the maps are to be filled. */
  BatchCounts() {
    this(
        new HashMap<>(),
        new HashMap<>(),
        new HashMap<>(),
        new HashMap<>(),
        new HashMap<>(),
        new HashMap<>());
  }

  static void add(Map<String, Long> counts, String file) {
    counts.merge(file, 1L, Long::sum);
  }

  /**
   * The accounts of a batch of landed files.
   *
   * @param landed records by file, as counted when the file landed
   * @throws io.medallion.core.ledger.ConservationException where they do not add up
   */
  List<FileAccount> accounts(Map<String, Long> landed) {
    return accounts(landed, quarantined);
  }

  /** The accounts of a replay: nothing comes in, what passes leaves the quarantine. */
  List<FileAccount> replayAccounts() {
    Map<String, Long> left = new HashMap<>();
    passed.forEach((file, n) -> left.put(file, -n));
    return accounts(Map.of(), left);
  }

  private List<FileAccount> accounts(Map<String, Long> in, Map<String, Long> toQuarantine) {
    Set<String> files = new TreeSet<>(in.keySet());
    List.of(toQuarantine, accepted, duplicates, superseded, replaced)
        .forEach(counts -> files.addAll(counts.keySet()));
    List<FileAccount> accounts = new ArrayList<>();
    for (String file : files) {
      long gaveWay = replaced.getOrDefault(file, 0L);
      accounts.add(
          new FileAccount(
              file,
              in.getOrDefault(file, 0L),
              accepted.getOrDefault(file, 0L) - gaveWay,
              duplicates.getOrDefault(file, 0L),
              superseded.getOrDefault(file, 0L) + gaveWay,
              toQuarantine.getOrDefault(file, 0L)));
    }
    return accounts;
  }
}
