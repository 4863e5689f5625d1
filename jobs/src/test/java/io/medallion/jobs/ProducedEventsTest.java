package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.bronze.topic.TopicSource;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Contracts;
import io.medallion.core.lake.Lake;
import io.medallion.demo.events.EventOptions;
import io.medallion.demo.events.EventOptions.Format;
import io.medallion.demo.events.EventTruth;
import io.medallion.demo.events.OrderProducer;
import io.medallion.gold.star.Star;
import io.medallion.gold.star.Stars;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.lakehouse.Lakehouse;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.kafka.KafkaBroker;
import io.medallion.warehouse.StarViews;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Produced events against the producer's truth, which knows nothing of the pipeline. */
@Tag("slow")
class ProducedEventsTest {
  private static final int EVENTS = 1_200;

  private static final String PLAIN =
      "row_id, order_id, order_date, ship_date, ship_mode, customer_id, customer_name, segment, city,"
          + " state, country, postal_code, market, region, product_id, category, sub_category,"
          + " product_name, quantity, order_priority, ";

  private static final String SILVER =
      "SELECT "
          + PLAIN
          + "sales, discount, profit, shipping_cost, updated_at, m.source_uri, _record_number"
          + " FROM silver.sales_orders s JOIN bronze.manifest m ON m.file_id = s._file_id";

  private static final String SILVER_TRUTH =
      "SELECT "
          + PLAIN
          + "CAST(sales AS DECIMAL(18,5)), CAST(discount AS DECIMAL(18,5)),"
          + " CAST(profit AS DECIMAL(18,5)), CAST(shipping_cost AS DECIMAL(18,5)), updated_at, file,"
          + " record_number FROM '%s/sales_orders.csv'";

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"JSON", "AVRO_REGISTRY"})
  void everyEventEndsAsTheTruthSays(Format format) throws Exception {
    EventTruth truth = new EventTruth();
    Path truthFolder = folder.resolve("truth");
    TestLake lake = new TestLake(folder.resolve("lake"));
    try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"))) {
      new OrderProducer(
              new OrderProducer.Target(broker.bootstrapServers(), "sales_orders", 3, Map.of()),
              EventOptions.of(EVENTS).withFormat(format).withFaultRate(0.06).withSeed(21),
              0,
              Optional.of(truth))
          .produce(sent -> {}, () -> false);
      truth.write(truthFolder);
      process(lakehouse(lake, format, truthFolder), broker);
    }

    assertThat(lake.reconcile().balances()).isTrue();
    assertThat(fates(lake)).containsExactlyElementsOf(truth.fates());
    assertThat(lake.query("SELECT source_uri, record_number FROM silver.quarantine"))
        .containsExactlyInAnyOrderElementsOf(
            GeneratedTruthTest.truth(
                truthFolder, "SELECT file, record_number FROM '%s/quarantine.csv'"));
    assertThat(lake.query(SILVER))
        .containsExactlyInAnyOrderElementsOf(GeneratedTruthTest.truth(truthFolder, SILVER_TRUTH));
    GeneratedTruthTest.holdsStar(lake, truthFolder);
  }

  private static List<EventTruth.Fates> fates(TestLake lake) {
    List<EventTruth.Fates> fates = new ArrayList<>();
    lake.reconcile().linesByPartition().stream()
        .map(
            line ->
                new EventTruth.Fates(
                    line.file(),
                    line.landed(),
                    line.accepted(),
                    line.duplicates(),
                    line.superseded(),
                    line.quarantined()))
        .sorted(Comparator.comparing(EventTruth.Fates::source))
        .forEach(fates::add);
    return fates;
  }

  /** Under the shipped contract, or the same for events in Avro. */
  private Lakehouse lakehouse(TestLake lake, Format format, Path schemaFolder) throws Exception {
    if (format == Format.JSON) {
      return lake.open("events");
    }
    Path conf = folder.resolve("conf");
    FileUtils.copyDirectory(TestLake.REPOSITORY.resolve("conf").toFile(), conf.toFile());
    Files.copy(
        schemaFolder.resolve("order-event.avsc"), conf.resolve("contracts/order-event.avsc"));
    Path contract = conf.resolve("contracts/sales_orders.odcs.yaml");
    Files.writeString(
        contract,
        Files.readString(contract)
            .replace(
                "            format: json\n",
                "            format: avro\n            schema: order-event.avsc\n"
                    + "            framing: registry\n"));
    Contracts contracts = Contracts.read(conf.resolve("contracts"));
    Stars stars = Stars.read(conf.resolve("stars"), contracts);
    return new Lakehouse(
        LocalSession.shared(),
        false,
        new Lake(lake.root().toString()),
        new Configuration(contracts, stars, StarViews.read(conf.resolve("views"), stars)),
        Clock.systemUTC(),
        "events");
  }

  private static void process(Lakehouse lakehouse, KafkaBroker broker) {
    TopicSource source =
        new TopicSource(
            broker.bootstrapServers(),
            "sales_orders",
            Map.of(),
            OptionalLong.of(EVENTS / 2 + 1),
            TopicSource.OnDataLoss.FAIL);
    lakehouse.topic("sales_events", source).run(Trigger.AvailableNow(), batch -> {});
    Contract contract = lakehouse.configuration().contractOfFeed("sales_events");
    lakehouse.silver(contract).run();
    for (Star star : lakehouse.configuration().stars().fedBy(contract.table())) {
      lakehouse.gold(star).run();
    }
  }
}
