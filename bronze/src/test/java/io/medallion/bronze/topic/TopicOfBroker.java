package io.medallion.bronze.topic;

import io.medallion.testkit.kafka.KafkaBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A broker per class, and a topic and a lake per test. */
abstract class TopicOfBroker {
  static final TopicSource.OnDataLoss FAIL = TopicSource.OnDataLoss.FAIL;

  @TempDir static Path brokerFolder;
  static KafkaBroker broker;

  @TempDir Path folder;
  TopicFixture fixture;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void openLake(TestInfo test) {
    fixture =
        new TopicFixture(
            broker.bootstrapServers(), test.getTestMethod().orElseThrow().getName(), folder);
  }

  @AfterEach
  void closeClients() {
    fixture.close();
  }
}
