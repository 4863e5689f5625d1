package io.medallion.core.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.medallion.testkit.LocalSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** What every {@link RowDelta} does; run by each. */
abstract class RowDeltaTest extends RowDeltaFixture {
  List<String> rows() {
    return table.read().orderBy("id").collectAsList().stream().map(Row::toString).toList();
  }

  private static List<String> texts(Row... rows) {
    return Arrays.stream(rows).map(RowDeltaTest::comparable).toList();
  }

  /** As Spark returns it: a list is a sequence of Scala there. */
  private static String comparable(Row row) {
    return LocalSession.shared().createDataFrame(List.of(row), SCHEMA).head().toString();
  }

  private List<String> changes(long version) {
    return table.changes(version, version).orderBy("id", "_change_type").collectAsList().stream()
        .map(row -> row.getAs("_change_type") + " " + row.getAs("id") + " " + row.getAs("name"))
        .toList();
  }

  @Test
  void insertsUpdatesAndDeletesInOneCommit() {
    long first = insert(row(1, "one"), row(2, "two"), row(3, "three"), empty(4));

    long second =
        commit(
            List.of(
                new RowChange.Inserted(row(5, "five")),
                updated(2, empty(2)),
                updated(4, row(4, "four")),
                deleted(1)));

    assertThat(second).isEqualTo(first + 1).isEqualTo(table.version());
    assertThat(rows()).isEqualTo(texts(empty(2), row(3, "three"), row(4, "four"), row(5, "five")));
    assertThat(table.read(first).collectAsList()).hasSize(4);
    assertThat(changes(first))
        .containsExactly("insert 1 one", "insert 2 two", "insert 3 three", "insert 4 null");
    assertThat(changes(second))
        .containsExactly(
            "delete 1 one",
            "update_postimage 2 null",
            "update_preimage 2 two",
            "update_postimage 4 four",
            "update_preimage 4 null",
            "insert 5 five");
  }

  @Test
  void theChangeFeedHasTheWholeRows() {
    insert(row(1, "one"), row(2, "two"));

    long version = commit(List.of(updated(2, row(2, "zwei")), deleted(1)));

    assertThat(
            table
                .changes(version, version)
                .orderBy("_change_type")
                .select(
                    Arrays.stream(SCHEMA.fieldNames())
                        .map(org.apache.spark.sql.functions::col)
                        .toArray(org.apache.spark.sql.Column[]::new))
                .collectAsList())
        .extracting(Row::toString)
        .isEqualTo(texts(row(1, "one"), row(2, "zwei"), row(2, "two")));
  }

  @Test
  void takesRowsAwayFromAFileAgainAndAgainUntilNoneIsLeft() {
    insert(row(1, "one"), row(2, "two"), row(3, "three"), row(4, "four"));

    commit(List.of(deleted(2)));
    commit(List.of(deleted(3), updated(1, row(1, "eins"))));
    assertThat(rows()).isEqualTo(texts(row(1, "eins"), row(4, "four")));
    commit(List.of(deleted(4)));

    assertThat(rows()).isEqualTo(texts(row(1, "eins")));
    assertThat(table.size().files()).isEqualTo(1);
    commit(List.of(deleted(1)));
    assertThat(rows()).isEmpty();
    assertThat(table.size().files()).isZero();
  }

  @Test
  void takesManyRowsAwayFromOneFile() {
    Row[] many = LongStream.range(0, 20_000).mapToObj(id -> row(id, "n" + id)).toArray(Row[]::new);
    insert(many);
    Map<Long, RowPosition> positions = positions();

    long version =
        commit(
            LongStream.range(0, 20_000)
                .filter(id -> id % 7 < 3)
                .mapToObj(id -> new RowChange.Deleted(positions.get(id), many[(int) id]))
                .toList());

    assertThat(table.read().where("id % 7 < 3").count()).isZero();
    assertThat(table.read().count()).isEqualTo(11_428);
    assertThat(table.changes(version, version).count()).isEqualTo(8_572);
    commit(List.of(deleted(3)));
    assertThat(table.read().count()).isEqualTo(11_427);
  }

  @Test
  void changesRowsThatDeltaHasWrittenAndDeltaChangesThoseOfThis() {
    spark
        .createDataFrame(List.of(row(1, "one"), row(2, "two"), row(3, "three")), SCHEMA)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .save(table.path());
    commit(List.of(updated(2, row(2, "zwei"))));
    spark.sql("DELETE FROM delta.`" + table.path() + "` WHERE id = 1");
    spark.sql("UPDATE delta.`" + table.path() + "` SET name = 'deux' WHERE id = 2");
    commit(List.of(updated(3, row(3, "drei"))));

    assertThat(rows()).isEqualTo(texts(row(2, "deux"), row(3, "drei")));
    spark.sql("OPTIMIZE delta.`" + table.path() + "`");
    assertThat(rows()).isEqualTo(texts(row(2, "deux"), row(3, "drei")));
  }

  @Test
  void commitsANumberOnce() {
    CommitLabel label = new CommitLabel("app", 3, Optional.of("what it was"));

    long version =
        way().commit(table, List.of(new RowChange.Inserted(row(1, "one"))), Optional.of(label));
    long again =
        way().commit(table, List.of(new RowChange.Inserted(row(1, "one"))), Optional.of(label));
    long earlier =
        way()
            .commit(
                table,
                List.of(new RowChange.Inserted(row(1, "one"))),
                Optional.of(CommitLabel.of("app", 2)));
    long later =
        way()
            .commit(
                table,
                List.of(updated(1, row(1, "eins"))),
                Optional.of(new CommitLabel("app", 4, Optional.of("then that"))));

    assertThat(List.of(again, earlier)).containsOnly(-1L);
    assertThat(later).isEqualTo(version + 1);
    assertThat(rows()).isEqualTo(texts(row(1, "eins")));
    assertThat(table.lastTransaction("app")).hasValue(4);
    assertThat(table.delta().history(2).select("userMetadata").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("then that", "what it was");
  }

  @Test
  void nothingIsNoCommit() {
    long version = table.version();

    assertThat(way().commit(table, List.of(), Optional.of(CommitLabel.of("app", 1)))).isEqualTo(-1);

    assertThat(table.version()).isEqualTo(version);
  }

  @Test
  void refusesRowsThatDoNotFit() {
    long version = table.version();

    assertThatThrownBy(
            () -> insert(row(1, "one"), RowFactory.create(null, "x", null, null, null, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("column id of silver.orders is NOT NULL, but not in [null,x,");
    assertThatThrownBy(() -> insert(RowFactory.create(1L, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("silver.orders has 6 columns, but a row for it has 2 values: [1,x]");

    assertThat(table.version()).isEqualTo(version);
  }

  @Test
  void aRowThatAnotherCommitHasChangedIsAConflict() {
    insert(row(1, "one"), row(2, "two"), row(3, "three"));
    RowChange stale = updated(2, row(2, "mine"));
    RowChange gone = deleted(3);
    commit(List.of(updated(2, row(2, "theirs")), deleted(3)));
    long version = table.version();

    for (RowChange change : List.of(stale, gone)) {
      assertThatThrownBy(() -> commit(List.of(change, new RowChange.Inserted(row(9, "nine")))))
          .isInstanceOf(DeltaConcurrentModificationException.class)
          .hasMessageContaining("rows of silver.orders were changed or moved by another commit");
    }

    assertThat(table.version()).isEqualTo(version);
    assertThat(rows()).isEqualTo(texts(row(1, "one"), row(2, "theirs")));
  }

  @Test
  void whatOthersCommitBesideItIsKept() {
    insert(row(1, "one"), row(2, "two"), row(3, "three"));
    RowChange mine = updated(2, row(2, "mine"));
    insert(row(4, "four"));
    commit(List.of(updated(1, row(1, "theirs"))));

    commit(List.of(mine));

    assertThat(rows())
        .isEqualTo(texts(row(1, "theirs"), row(2, "mine"), row(3, "three"), row(4, "four")));
  }

  @Test
  void threadsThatChangeTheSameFileLoseNothing() throws Exception {
    int threads = 4;
    insert(LongStream.range(0, threads).mapToObj(id -> row(id, "old")).toArray(Row[]::new));
    Map<Long, RowPosition> positions = positions();
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Boolean>> done = new ArrayList<>();
    for (long id = 0; id < threads; id++) {
      long mine = id;
      done.add(
          pool.submit(
              () -> {
                start.await();
                try {
                  commit(
                      List.of(
                          new RowChange.Updated(
                              positions.get(mine), row(mine, "old"), row(mine, "new")),
                          new RowChange.Inserted(row(100 + mine, "more"))));
                  return true;
                } catch (DeltaConcurrentModificationException e) {
                  return false;
                }
              }));
    }
    Map<Long, String> expected = new TreeMap<>();
    for (long id = 0; id < threads; id++) {
      boolean committed = done.get((int) id).get();
      expected.put(id, committed ? "new" : "old");
      if (committed) {
        expected.put(100 + id, "more");
      }
    }
    pool.shutdown();

    assertThat(expected).containsValue("new");
    assertThat(
            table.read().collectAsList().stream()
                .collect(Collectors.toMap(r -> r.<Long>getAs("id"), r -> r.<String>getAs("name"))))
        .isEqualTo(expected);
  }

  @Test
  void ofTwoThreadsWithOneNumberOneCommits() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    List<Future<Long>> done = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      done.add(
          pool.submit(
              () -> {
                start.await();
                return way()
                    .commit(
                        table,
                        List.of(new RowChange.Inserted(row(1, "one"))),
                        Optional.of(CommitLabel.of("app", 1)));
              }));
    }
    List<Long> versions = List.of(done.get(0).get(), done.get(1).get());
    pool.shutdown();

    assertThat(versions).containsExactlyInAnyOrder(-1L, table.version());
    assertThat(rows()).isEqualTo(texts(row(1, "one")));
  }

  @Test
  void anOptimizeInBetweenIsAConflictOrIsOvercome() {
    insert(row(1, "one"));
    insert(row(2, "two"));
    RowChange change = updated(2, row(2, "zwei"));
    spark.sql("OPTIMIZE delta.`" + table.path() + "`");

    boolean committed = true;
    try {
      commit(List.of(change));
    } catch (DeltaConcurrentModificationException e) {
      committed = false;
    }

    assertThat(rows()).isEqualTo(texts(row(1, "one"), row(2, committed ? "zwei" : "two")));
  }
}
