package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.silver.DedupResolver.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class DedupResolverTest {
  private static final int[] RANKS = {1, 2};
  private static final long[] CONTENTS = {10, 20};

  @Test
  void agreesWithTheReferenceOnEveryCombinationOfUpToThreeRecordsAndAHeldRow() {
    List<List<Version>> held = new ArrayList<>(List.of(List.of()));
    for (int rank : RANKS) {
      for (long content : CONTENTS) {
        // A held row may have landed before the batch, or after it: then the batch is a replay.
        held.add(List.of(new Version("held", 1, 0, content, rank, true)));
        held.add(List.of(new Version("held", 1, 9, content, rank, true)));
      }
    }
    int combinations = 0;
    for (List<Version> first : held) {
      for (List<Version> batch : batches(3)) {
        List<Version> together = new ArrayList<>(first);
        together.addAll(batch);
        for (List<Version> order : permutations(together)) {
          assertThat(outcomes(order)).as("%s", order).isEqualTo(reference(first, batch));
          combinations++;
        }
      }
    }
    assertThat(combinations).isGreaterThan(10_000);
  }

  @Property(tries = 1000)
  void splittingRecordsIntoBatchesChangesNothing(
      @ForAll("history") List<Version> history, @ForAll("cuts") List<Integer> cuts) {
    Map<String, Long> atOnce = new TreeMap<>(counts(DedupResolver.fold(history)));

    Map<String, Long> inBatches = new TreeMap<>();
    List<Version> held = List.of();
    int from = 0;
    for (int cut : cuts) {
      int to = Math.min(history.size(), from + cut);
      held = process(held, history.subList(from, to), inBatches);
      from = to;
    }
    held = process(held, history.subList(from, history.size()), inBatches);

    assertThat(inBatches).isEqualTo(atOnce);
    assertThat(identity(held.get(0))).isEqualTo(survivor(history, DedupResolver.fold(history)));
  }

  @Property(tries = 1000)
  void distinctSequenceValuesDecideWhateverTheOrderOfArrival(
      @ForAll("permutation") List<Integer> ranks) {
    List<Version> history = new ArrayList<>();
    for (int i = 0; i < ranks.size(); i++) {
      history.add(new Version("f" + i, 1, i, 100 + ranks.get(i), ranks.get(i), false));
    }

    List<Row> outcomes = DedupResolver.fold(history);

    assertThat(survivor(history, outcomes))
        .isEqualTo("f" + ranks.indexOf(Collections.max(ranks)) + "#1");
    assertThat(outcomes).hasSize(ranks.size() - 1);
    assertThat(outcomes)
        .extracting(row -> row.getString(2))
        .allMatch(DedupResolver.SUPERSEDED::equals);
  }

  private static List<Version> process(
      List<Version> held, List<Version> batch, Map<String, Long> counts) {
    if (batch.isEmpty()) {
      return held;
    }
    List<Version> versions = new ArrayList<>(held);
    versions.addAll(batch);
    List<Row> outcomes = DedupResolver.fold(versions);
    counts(outcomes).forEach((outcome, n) -> counts.merge(outcome, n, Long::sum));
    String survivor = survivor(versions, outcomes);
    return versions.stream()
        .filter(v -> identity(v).equals(survivor))
        .map(
            v ->
                new Version(
                    v.fileId(),
                    v.recordNumber(),
                    v.landingSeq(),
                    v.contentHash(),
                    v.sequenceRank(),
                    true))
        .toList();
  }

  /** A row of silver that gave way counts as superseded, as its account does. */
  private static Map<String, Long> counts(List<Row> outcomes) {
    return outcomes.stream()
        .collect(
            Collectors.groupingBy(
                row ->
                    row.getString(2).equals(DedupResolver.REPLACED)
                        ? DedupResolver.SUPERSEDED
                        : row.getString(2),
                Collectors.counting()));
  }

  private static String survivor(List<Version> versions, List<Row> outcomes) {
    List<String> left =
        new ArrayList<>(versions.stream().map(DedupResolverTest::identity).toList());
    outcomes.forEach(
        row -> assertThat(left.remove(row.getString(0) + "#" + row.getLong(1))).isTrue());
    assertThat(left).hasSize(1);
    return left.get(0);
  }

  private static String identity(Version version) {
    return version.fileId() + "#" + version.recordNumber();
  }

  private static Map<String, String> outcomes(List<Version> versions) {
    Map<String, String> outcomes = new TreeMap<>();
    for (Row row : DedupResolver.fold(versions)) {
      outcomes.merge(row.getString(0) + "#" + row.getLong(1), row.getString(2), String::concat);
    }
    return outcomes;
  }

  /**
   * The rule said in another way. What is held after some records is the greatest of them by rank,
   * landing and number; a record that equals it changes nothing, one that is not greater comes too
   * late, and one that is greater dethrones the last that was.
   */
  private static Map<String, String> reference(List<Version> held, List<Version> batch) {
    List<Version> arrived = new ArrayList<>(held);
    arrived.addAll(batch);
    Comparator<Version> greater =
        Comparator.comparingInt(Version::sequenceRank)
            .thenComparingLong(Version::landingSeq)
            .thenComparingLong(Version::recordNumber);
    Map<String, String> outcomes = new TreeMap<>();
    Version king = arrived.get(0);
    for (int i = 1; i < arrived.size(); i++) {
      Version version = arrived.get(i);
      Version greatest = arrived.subList(0, i).stream().max(greater).orElseThrow();
      if (version.contentHash() == greatest.contentHash()
          && version.sequenceRank() == greatest.sequenceRank()) {
        outcomes.put(identity(version), "duplicate");
      } else if (greater.compare(version, greatest) < 0) {
        outcomes.put(identity(version), "superseded");
      } else {
        outcomes.put(identity(king), king.current() ? "replaced" : "superseded");
        king = version;
      }
    }
    return outcomes;
  }

  /** All batches of one to {@code size} records, in order of arrival, over one file or several. */
  private static List<List<Version>> batches(int size) {
    List<List<Version>> batches = new ArrayList<>();
    List<List<Version>> shorter = List.of(List.of());
    for (int n = 1; n <= size; n++) {
      List<List<Version>> longer = new ArrayList<>();
      for (List<Version> batch : shorter) {
        Version last = batch.isEmpty() ? null : batch.get(batch.size() - 1);
        for (int rank : RANKS) {
          for (long content : CONTENTS) {
            longer.add(plus(batch, landing(last) + 1, 1, content, rank));
            if (last != null) {
              longer.add(plus(batch, landing(last), last.recordNumber() + 1, content, rank));
            }
          }
        }
      }
      batches.addAll(longer);
      shorter = longer;
    }
    return batches;
  }

  private static long landing(Version last) {
    return last == null ? 0 : last.landingSeq();
  }

  private static List<Version> plus(
      List<Version> batch, long landing, long number, long content, int rank) {
    List<Version> more = new ArrayList<>(batch);
    more.add(new Version("f" + landing, number, landing, content, rank, false));
    return more;
  }

  private static <T> List<List<T>> permutations(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      List<T> rest = new ArrayList<>(items);
      T head = rest.remove(i);
      for (List<T> tail : permutations(rest)) {
        List<T> permutation = new ArrayList<>(List.of(head));
        permutation.addAll(tail);
        all.add(permutation);
      }
    }
    return all;
  }

  @Provide
  Arbitrary<List<Version>> history() {
    Arbitrary<long[]> record =
        Combinators.combine(
                Arbitraries.integers().between(1, 4),
                Arbitraries.longs().between(1, 3),
                Arbitraries.integers().between(0, 1))
            .as((rank, content, sameFile) -> new long[] {rank, content, sameFile});
    return record
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(
            records -> {
              List<Version> history = new ArrayList<>();
              for (long[] r : records) {
                Version last = history.isEmpty() ? null : history.get(history.size() - 1);
                boolean same = last != null && r[2] == 1;
                long landing = same ? last.landingSeq() : landing(last) + 1;
                long number = same ? last.recordNumber() + 1 : 1;
                history.add(new Version("f" + landing, number, landing, r[1], (int) r[0], false));
              }
              return history;
            });
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(0, 4).list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Integer>> permutation() {
    return Arbitraries.integers()
        .between(1, 7)
        .flatMap(
            n ->
                Arbitraries.shuffle(java.util.stream.IntStream.rangeClosed(1, n).boxed().toList()));
  }
}
