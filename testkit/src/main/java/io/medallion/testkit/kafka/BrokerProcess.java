package io.medallion.testkit.kafka;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A {@link KafkaBroker} as a program: prints its address on a line of its own and runs until it is
 * told to end (SIGTERM).
 *
 * <p>Argument: the folder for what it stores. It begins anew there.
 */
public final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    KafkaBroker broker = KafkaBroker.start(Path.of(arguments[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(broker::stop, "stop-broker"));
    System.out.println(broker.bootstrapServers());
    new CountDownLatch(1).await();
  }
}
