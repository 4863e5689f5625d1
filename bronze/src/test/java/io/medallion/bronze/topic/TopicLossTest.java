package io.medallion.bronze.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.bronze.HookedClock;
import io.medallion.core.LakeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics that lose events, are made again or grow between two landings, or during one. */
@Tag("slow")
class TopicLossTest extends TopicOfBroker {
  @Test
  void aPartitionThatIsAddedLandsFromItsFirstEvent() throws Exception {
    fixture.create(1);
    fixture.send(0, "a");
    fixture.land();
    fixture.grow(2);
    fixture.send(1, "b", "c");

    fixture.land();

    assertThat(fixture.events()).containsExactly("0/0 a", "1/0 b", "1/1 c");
    assertThat(fixture.lost()).isEmpty();
  }

  @Test
  void eventsThatAreGoneEndTheLanding() throws Exception {
    fixture.create(1);
    fixture.send(0, "a");
    fixture.land();
    fixture.send(0, "b", "c", "d");
    fixture.removeBefore(0, 3);

    assertThatThrownBy(fixture::land)
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "topic "
                + fixture.topic
                + " at "
                + broker.bootstrapServers()
                + " no longer has events that were not landed\n    "
                + fixture.topic
                + "/0 offsets 1 to 2: the broker no longer has them\n"
                + "    fix: raise the topic's retention, and run with --on-data-loss record to"
                + " write the lost range down in ops.lost_offsets and to go on after it");
    assertThat(fixture.events()).containsExactly("0/0 a");
    assertThat(fixture.lost()).isEmpty();
  }

  @Test
  void eventsThatAreGoneAreWrittenDownWhereThatIsWanted() throws Exception {
    fixture.create(1);
    fixture.send(0, "a");
    fixture.land();
    fixture.send(0, "b", "c", "d");
    fixture.removeBefore(0, 3);

    assertThat(fixture.landAndRecord()).hasSize(1);

    assertThat(fixture.events()).containsExactly("0/0 a", "0/3 d");
    assertThat(fixture.lost()).containsExactly("[0,1,3,the broker no longer has them]");
    assertThat(fixture.ranges()).containsExactly("0: [0, 1) 0-0 1", "0: [1, 4) 3-3 1");
    fixture.send(0, "e");
    fixture.land();
    assertThat(fixture.lost()).hasSize(1);
    assertThat(fixture.events()).containsExactly("0/0 a", "0/3 d", "0/4 e");
  }

  @Test
  void aTopicThatBeganLateHasLostNothing() throws Exception {
    fixture.create(1);
    fixture.send(0, "a", "b");
    fixture.removeBefore(0, 1);

    fixture.land();

    assertThat(fixture.events()).containsExactly("0/1 b");
    assertThat(fixture.lost()).isEmpty();
  }

  @Test
  void aTopicThatWasMadeAgainIsToldFromTheOneBefore() throws Exception {
    fixture.create(1);
    fixture.send(0, "a", "b");
    fixture.land();
    fixture.delete();
    fixture.create(1);
    fixture.send(0, "A", "B", "C");

    assertThatThrownBy(fixture::land)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(
            " was deleted and made again since it was last landed: what it held after that is"
                + " gone\n"
                + "    "
                + fixture.topic
                + "/0 offsets 2 and after: the topic was deleted and made again\n    fix: run with"
                + " --on-data-loss record");
    assertThat(fixture.events()).containsExactly("0/0 a", "0/1 b");

    fixture.landAndRecord();
    fixture.landAndRecord();

    assertThat(fixture.events()).containsExactly("0/0 A", "0/0 a", "0/1 B", "0/1 b", "0/2 C");
    assertThat(fixture.lost()).containsExactly("[0,2,null,the topic was deleted and made again]");
    assertThat(fixture.land()).isEmpty();
  }

  @Test
  void aTopicThatIsMadeAgainWhileItLandsEndsTheLanding() throws Exception {
    fixture.create(1);
    fixture.send(0, "a", "b");
    CountDownLatch first = new CountDownLatch(1);
    CompletableFuture<Void> landing =
        CompletableFuture.runAsync(
            () ->
                fixture
                    .landing(fixture.source(FAIL), new HookedClock(TopicFixture.NOW))
                    .run(Trigger.ProcessingTime(100), batch -> first.countDown()));
    assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();

    fixture.delete();
    fixture.create(1);
    fixture.send(0, "A", "B", "C");

    assertThatThrownBy(() -> landing.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(LakeException.class)
        .hasMessageContaining(
            fixture.topic
                + " at "
                + broker.bootstrapServers()
                + " was deleted and made again while it was landed; nothing of the new one landed"
                + "\n    fix: run the command again");
    assertThat(fixture.events()).containsExactly("0/0 a", "0/1 b");
  }
}
