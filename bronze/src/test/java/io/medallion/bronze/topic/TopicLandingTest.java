package io.medallion.bronze.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.bronze.HookedClock;
import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.topic.Envelope;
import io.medallion.testkit.LocalSession;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics of a real broker through bronze: every event once, whatever ends the landing. */
@Tag("slow")
class TopicLandingTest extends TopicOfBroker {
  @Test
  void everyEventLandsOnceWithItsEnvelope() throws Exception {
    fixture.create(2);
    byte[] binary = {0, (byte) 0xff, 10, 13, (byte) 0x80};
    fixture.send(
        new ProducerRecord<>(
            fixture.topic,
            1,
            1_700_000_000_123L,
            "k".getBytes(UTF_8),
            binary,
            List.of(new RecordHeader("h", new byte[] {1}), new RecordHeader("h", null))));
    fixture.send(new ProducerRecord<>(fixture.topic, 1, 1_700_000_000_124L, null, null, List.of()));

    assertThat(fixture.land()).extracting(TopicBatch::records).containsExactly(2L);

    assertThat(fixture.ranges()).containsExactly("1: [0, 2) 0-1 2");
    ManifestFile file = fixture.files().get(0);
    assertThat(file.sourceUri()).isEqualTo("kafka:" + fixture.topic + "/1");
    assertThat(file.ingestDate()).isEqualTo(LocalDate.of(2026, 11, 20));
    assertThat(file.parts())
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.path())
                  .matches("bronze/events/ingest_date=2026-11-20/hour=23/[0-9a-f-]{13}/part-.*");
              assertThat(part.firstRecord()).isZero();
              assertThat(part.bytes())
                  .isEqualTo(folder.resolve(part.path()).toFile().length())
                  .isEqualTo(file.sizeBytes());
            });
    List<Row> rows =
        LocalSession.shared()
            .read()
            .schema(Envelope.SCHEMA)
            .parquet(lakePath(file))
            .orderBy("offset")
            .collectAsList();
    assertThat(rows.get(0).getString(0)).isEqualTo(fixture.topic);
    assertThat(rows.get(0).getTimestamp(3).toInstant().toEpochMilli())
        .isEqualTo(1_700_000_000_123L);
    assertThat(rows.get(0).getString(4)).isEqualTo("create");
    assertThat(rows.get(0).<byte[]>getAs(5)).isEqualTo(new byte[] {'k'});
    assertThat(rows.get(0).<Row>getList(6))
        .extracting(h -> h.getString(0))
        .containsExactly("h", "h");
    assertThat(rows.get(0).<Row>getList(6).get(0).<byte[]>getAs(1)).isEqualTo(new byte[] {1});
    assertThat(rows.get(0).<byte[]>getAs(7)).isEqualTo(binary);
    assertThat(rows.get(1).isNullAt(5)).isTrue();
    assertThat(rows.get(1).isNullAt(7)).isTrue();
    assertThat(fixture.recorded()).containsExactly("0: 1, 2");
  }

  private String lakePath(ManifestFile file) {
    return fixture.lake.root() + "/" + file.parts().get(0).path();
  }

  @Test
  void aLandingGoesOnWhereTheLastEndedAndWritesNothingWhereNothingIsNew() throws Exception {
    fixture.create(2);
    fixture.send(0, "a", "b");
    fixture.send(1, "c");
    fixture.land();
    List<Long> versions = fixture.versions();
    assertThat(fixture.land()).isEmpty();
    assertThat(fixture.versions()).isEqualTo(versions);

    fixture.send(0, "d");
    fixture.land();

    assertThat(fixture.ranges())
        .containsExactly("0: [0, 2) 0-1 2", "1: [0, 1) 0-0 1", "0: [2, 3) 2-2 1");
    assertThat(fixture.events()).containsExactly("0/0 a", "0/1 b", "0/2 d", "1/0 c");
    assertThat(fixture.recorded()).containsExactly("0: 2, 3", "1: 1, 1");
  }

  @Test
  void aBatchTakesNoMoreThanItMay() throws Exception {
    fixture.create(1);
    fixture.send(0, "a", "b", "c", "d", "e");
    List<TopicBatch> batches = new ArrayList<>();
    TopicSource limited =
        new TopicSource(
            broker.bootstrapServers(), fixture.topic, Map.of(), OptionalLong.of(2), FAIL);
    fixture
        .landing(limited, new HookedClock(TopicFixture.NOW))
        .run(Trigger.AvailableNow(), batches::add);

    assertThat(batches).extracting(TopicBatch::records).containsExactly(2L, 2L, 1L);
    assertThat(fixture.events()).hasSize(5);
  }

  @Test
  void whatALandingLeftThatEndedBeforeItsCommitIsSweptUpAndLandsOnce() throws Exception {
    fixture.create(1);
    fixture.send(0, "a");
    fixture.land();
    fixture.send(0, "b");
    HookedClock dying = new HookedClock(TopicFixture.NOW).on(2, TopicLandingTest::die);
    assertThatThrownBy(() -> fixture.land(FAIL, dying)).isInstanceOf(LakeException.class);
    assertThat(fixture.filesOfTheFeed()).hasSize(3).isNotEqualTo(fixture.filesOfTheManifest());
    assertThat(fixture.events()).containsExactly("0/0 a");
    fixture.send(0, "c");

    fixture.land();

    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
    assertThat(fixture.events()).containsExactly("0/0 a", "0/1 b", "0/2 c");
    assertThat(fixture.ranges())
        .containsExactly("0: [0, 1) 0-0 1", "0: [1, 2) 1-1 1", "0: [2, 3) 2-2 1");
    assertThat(fixture.recorded()).containsExactly("0: 1, 1", "1: 1, 1", "2: 1, 1");
  }

  @Test
  void aLandingThatEndedBeforeItsLedgerEntryIsRecordedByTheNext() throws Exception {
    fixture.create(1);
    fixture.send(0, "a");
    HookedClock dying = new HookedClock(TopicFixture.NOW).on(3, TopicLandingTest::die);
    assertThatThrownBy(() -> fixture.land(FAIL, dying)).isInstanceOf(LakeException.class);
    assertThat(fixture.events()).containsExactly("0/0 a");

    fixture.land();

    assertThat(fixture.ranges()).containsExactly("0: [0, 1) 0-0 1");
    assertThat(fixture.recorded()).containsExactly("0: 1, 1");
    fixture.send(0, "b");
    fixture.land();
    assertThat(fixture.recorded()).containsExactly("0: 1, 1", "1: 1, 1");
  }

  @Test
  void aLandingWhoseCheckpointIsLostGoesOnWhereTheManifestEnds() throws Exception {
    fixture.create(2);
    fixture.send(0, "a", "b");
    HookedClock dying = new HookedClock(TopicFixture.NOW).on(3, TopicLandingTest::die);
    assertThatThrownBy(() -> fixture.land(FAIL, dying)).isInstanceOf(LakeException.class);
    fixture.loseCheckpoint();
    fixture.send(0, "c");
    fixture.send(1, "d");

    fixture.land();

    assertThat(fixture.events()).containsExactly("0/0 a", "0/1 b", "0/2 c", "1/0 d");
    assertThat(fixture.recorded()).containsExactly("0: 1, 2", "1: 2, 2");
  }

  @Test
  void aTopicThatIsNotThereIsToldAtOnce() {
    assertThatThrownBy(fixture::land)
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "there is no topic "
                + fixture.topic
                + " at "
                + broker.bootstrapServers()
                + "\n    fix: create the topic, or name another with --topic");
  }

  @Test
  void aBrokerThatIsNotThereIsTold() {
    TopicSource nowhere =
        new TopicSource(
            "127.0.0.1:1",
            "t",
            Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"),
            OptionalLong.empty(),
            FAIL);

    assertThatThrownBy(
            () ->
                fixture
                    .landing(nowhere, new HookedClock(TopicFixture.NOW))
                    .run(Trigger.AvailableNow(), batch -> {}))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("no broker at 127.0.0.1:1 answered in time\n    fix: check");
  }

  @Test
  void aFeedOfFilesIsNoTopic() {
    assertThatThrownBy(
            () ->
                new TopicLanding(
                    LocalSession.shared(),
                    fixture.lake,
                    fixture.ledger(),
                    TopicFixture.contract(),
                    TopicFixture.contract().feed("orders"),
                    fixture.source(FAIL),
                    new HookedClock(TopicFixture.NOW),
                    "run"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("--feed orders: it is a feed of files, not of a topic");
  }

  private static void die() {
    throw new IllegalStateException("the process ends here");
  }
}
