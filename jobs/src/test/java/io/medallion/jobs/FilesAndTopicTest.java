package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.contract.Contract;
import io.medallion.gold.star.Star;
import io.medallion.jobs.inspect.Trace;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.testkit.kafka.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same orders once through files and once through a topic. */
@Tag("slow")
class FilesAndTopicTest {
  @TempDir private Path folder;

  @Test
  void theSameOrdersGiveTheSameSilverAndGold() throws Exception {
    SalesEvents.History history = SalesEvents.generateUpserts(7, 400);
    TestLake events = new TestLake(folder.resolve("events"));
    try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
        EventTopic topic = new EventTopic(broker.bootstrapServers(), "sales_orders", 2)) {
      for (int half = 0; half < 2; half++) {
        int size = history.events().size() / 2;
        for (SalesEvents.Event event : history.events().subList(half * size, (half + 1) * size)) {
          topic.send(event);
        }
        process(events.open("events"), broker);
      }
    }
    Path file = folder.resolve("orders.csv");
    Files.writeString(
        file,
        SalesEvents.CSV_HEADER
            + history.upserts().stream().map(SalesEvents.Line::csv).collect(Collectors.joining()));
    TestLake files = new TestLake(folder.resolve("files"));
    files.run("files", file);

    TreeMap<String, List<String>> content = SalesContent.of(events);
    assertThat(content).isEqualTo(SalesContent.of(files));
    assertThat(content.get("silver.sales_orders")).hasSize(history.lines().size());
    assertThat(events.reconcile().balances()).isTrue();
    assertThat(events.reconcile().total().landed()).isEqualTo(400);
    assertTraced(events);
  }

  private static void process(Lakehouse lakehouse, KafkaBroker broker) {
    TopicSource source =
        new TopicSource(
            broker.bootstrapServers(),
            "sales_orders",
            Map.of(),
            OptionalLong.of(70),
            TopicSource.OnDataLoss.FAIL);
    lakehouse.topic("sales_events", source).run(Trigger.AvailableNow(), batch -> {});
    Contract contract = lakehouse.configuration().contractOfFeed("sales_events");
    lakehouse.silver(contract).run();
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      lakehouse.gold(star).run();
    }
  }

  private static void assertTraced(TestLake lake) throws Exception {
    Lakehouse lakehouse = lake.open("trace");
    List<String> fact =
        lake.query("SELECT order_id, row_id, _record_number FROM gold.fact_sales LIMIT 1").get(0);
    Trace trace =
        Trace.find(
                lakehouse.readOnly(),
                lakehouse.configuration().stars().byName("sales"),
                Map.of("order_id", fact.get(0), "row_id", fact.get(1)))
            .get(0);
    assertThat(trace.sourceUri()).matches("kafka:sales_orders/[01]");
    assertThat(trace.recordNumber()).isEqualTo(Long.parseLong(fact.get(2)));
    assertThat(trace.rawText())
        .startsWith("{\"row_id\":" + fact.get(1) + ",\"order_id\":\"" + fact.get(0) + "\"");
  }
}
