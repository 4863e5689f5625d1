package io.medallion.testkit.kafka;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;

/**
 * A Kafka broker in this process: one node, its own controller, on free ports of the loopback
 * interface.
 *
 * <p>Its libraries are newer than Spark's client. They come from a folder that the build gathers,
 * and live behind a class loader that sees nothing of ours.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final String CLUSTER_ID = "bWVkYWxsaW9uLWJyb2tlcg";

  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private static URLClassLoader libraries;

  private final Path folder;
  private final int port = freePort();
  private final int controllerPort = freePort();
  private Object server;
  private boolean running;

  private KafkaBroker(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts a broker that no topic is on yet.
   *
   * @param folder what it stores goes there; made where it is not
   */
  public static KafkaBroker start(Path folder) {
    KafkaBroker broker = new KafkaBroker(folder);
    broker.format();
    broker.restart();
    return broker;
  }

  /** {@code host:port}, the same after a restart. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Starts it again after {@link #stop}, with everything that it stored. */
  public void restart() {
    within(
        () -> {
          Class<?> config = libraries().loadClass("kafka.server.KafkaConfig");
          Class<?> time = libraries().loadClass("org.apache.kafka.common.utils.Time");
          server =
              libraries()
                  .loadClass("kafka.server.KafkaRaftServer")
                  .getConstructor(config, time)
                  .newInstance(
                      config.getMethod("fromProps", Properties.class).invoke(null, properties()),
                      time.getField("SYSTEM").get(null));
          call("startup");
          running = true;
        });
  }

  /** Stops it, and keeps what it stored. Does nothing where it is stopped already. */
  public void stop() {
    if (!running) {
      return;
    }
    within(
        () -> {
          call("shutdown");
          call("awaitShutdown");
          running = false;
        });
  }

  /**
   * Makes a topic.
   *
   * @throws IllegalStateException where there is one of that name
   */
  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /**
   * Makes a topic.
   *
   * @param settings Kafka's own, such as {@code cleanup.policy}
   * @throws IllegalStateException where there is one of that name
   */
  public void createTopic(String name, int partitions, Map<String, String> settings) {
    administer(
        admin ->
            admin
                .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                .all());
  }

  /**
   * Deletes a topic with all its events.
   *
   * @throws IllegalStateException where there is none of that name
   */
  public void deleteTopic(String name) {
    administer(admin -> admin.deleteTopics(List.of(name)).all());
  }

  private interface Administration {
    KafkaFuture<Void> ask(Admin admin);
  }

  private void administer(Administration administration) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      administration.ask(admin).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refused: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("waiting for the broker was interrupted", e);
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void format() {
    within(
        () -> {
          Path file = folder.resolve("server.properties");
          try (OutputStream out = Files.newOutputStream(file)) {
            properties().store(out, null);
          }
          String[] arguments = {"format", "--cluster-id", CLUSTER_ID, "--config", file.toString()};
          libraries()
              .loadClass("kafka.tools.StorageTool")
              .getMethod("execute", String[].class, PrintStream.class)
              .invoke(null, arguments, new PrintStream(OutputStream.nullOutputStream()));
        });
  }

  private Properties properties() {
    String broker = "PLAINTEXT://127.0.0.1:" + port;
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", "1");
    properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    properties.put("listeners", broker + ",CONTROLLER://127.0.0.1:" + controllerPort);
    properties.put("advertised.listeners", broker);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", folder.resolve("data").toString());
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("auto.create.topics.enable", "false");
    // Events may have the time of a change years ago: retention must not remove them, nor a restart
    // forget their producer, whose last event it would then store a second time.
    properties.put("log.retention.ms", "-1");
    properties.put("producer.id.expiration.ms", String.valueOf(Integer.MAX_VALUE));
    properties.put("message.max.bytes", String.valueOf(MAX_MESSAGE_BYTES));
    properties.put("replica.fetch.max.bytes", String.valueOf(MAX_MESSAGE_BYTES));
    return properties;
  }

  private void call(String method) throws ReflectiveOperationException {
    server.getClass().getMethod(method).invoke(server);
  }

  private interface Work {
    void run() throws ReflectiveOperationException, IOException;
  }

  /** Kafka finds some of its classes by the thread's class loader. */
  private void within(Work work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(libraries());
    try {
      Files.createDirectories(folder);
      work.run();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the broker failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the broker's libraries are not as expected", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's folder cannot be written", e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static synchronized URLClassLoader libraries() {
    if (libraries == null) {
      Path jars = Path.of(System.getProperty("medallion.root", "."), "testkit/kafka/target/jars");
      File[] files = jars.toFile().listFiles((dir, name) -> name.endsWith(".jar"));
      if (files == null || files.length == 0) {
        throw new IllegalStateException(
            "the broker's libraries are not in "
                + jars.toAbsolutePath()
                + "\n    fix: ./mvnw -pl testkit/kafka process-resources");
      }
      // Of the broker's own logger: Spark's is another one.
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
      libraries =
          new URLClassLoader(
              Arrays.stream(files).map(KafkaBroker::url).toArray(URL[]::new),
              ClassLoader.getPlatformClassLoader());
    }
    return libraries;
  }

  private static URL url(File jar) {
    try {
      return jar.toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
