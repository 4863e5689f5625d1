package io.medallion.jobs;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark's own cluster: a master and two workers, each a process, out of the jars that the build
 * resolved for Spark alone. What the application needs besides must come in its jar.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Path TARGET = TestLake.REPOSITORY.resolve("jobs/target");
  private static final int MINUTES_TO_START = 2;

  /** What Spark has and the application needs too, and so leaves out of its jar. */
  private static final Pattern OF_BOTH =
      Pattern.compile(
          ".*/(org/scala-lang|org/antlr|org/slf4j|com/fasterxml/jackson/core|org/apache/httpcomponents"
              + "|commons-logging|commons-codec|joda-time)/.*");

  private final Path home;
  private final int port = freePort();
  private final int webPort = freePort();
  private final List<Process> processes = new ArrayList<>();

  private StandaloneCluster(Path home) {
    this.home = home;
  }

  /** Starts it, and returns when both workers have registered. */
  static StandaloneCluster start(Path home) throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(home);
    Files.createDirectories(home.resolve("conf"));
    Files.createDirectories(home.resolve("jars"));
    for (Path jar : sparkJars()) {
      Files.createSymbolicLink(home.resolve("jars").resolve(jar.getFileName()), jar);
    }
    Files.copy(
        TestLake.REPOSITORY.resolve("conf/log4j2.properties"),
        home.resolve("conf/log4j2.properties"));
    cluster.startProcess(
        "master",
        List.of(
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "" + cluster.port,
            "--webui-port",
            "" + cluster.webPort));
    for (String worker : List.of("worker-1", "worker-2")) {
      cluster.startProcess(
          worker,
          List.of(
              "org.apache.spark.deploy.worker.Worker",
              "--host",
              "127.0.0.1",
              "--cores",
              "1",
              "--memory",
              "1g",
              "--webui-port",
              "0",
              "--work-dir",
              home.resolve(worker).toString(),
              cluster.master()));
    }
    cluster.awaitWorkers(2);
    return cluster;
  }

  /** What the cluster has of its own. */
  static List<Path> sparkJars() throws IOException {
    List<Path> jars = jars("spark.jars");
    jars("application.jars").stream()
        .filter(jar -> OF_BOTH.matcher(jar.toString()).matches())
        .forEach(jars::add);
    return jars;
  }

  private static List<Path> jars(String list) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String jar : Files.readString(TARGET.resolve(list)).strip().split(File.pathSeparator)) {
      jars.add(Path.of(jar));
    }
    return jars;
  }

  /** As {@code --master} takes it. */
  String master() {
    return "spark://127.0.0.1:" + port;
  }

  private void startProcess(String name, List<String> arguments) throws IOException {
    processes.add(process(name, "256m", arguments));
  }

  private Process process(String name, String heap, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:TieredStopAtLevel=1",
            "-Duser.timezone=UTC",
            "-cp",
            home.resolve("conf") + File.pathSeparator + home.resolve("jars") + "/*"));
    command.addAll(arguments);
    Map<String, String> spark =
        Map.of("SPARK_HOME", home.toString(), "SPARK_SCALA_VERSION", "2.12");
    return start(name, command, spark);
  }

  private Process start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(name).toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  Path log(String name) {
    return home.resolve(name + ".log");
  }

  /**
   * Starts {@code ./medallion} with a command for this cluster, out of a folder in which there is
   * nothing to build with; its output is in {@link #log}.
   */
  Process launch(String name, Path properties, List<String> arguments) throws IOException {
    Path root = home.resolve("medallion");
    for (String file :
        List.of(
            "medallion",
            "pom.xml",
            "conf/spark-defaults.conf",
            "conf/log4j2.properties",
            "jobs/src/main/launcher/build.bash",
            "jobs/target/medallion.jar")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(
          TestLake.REPOSITORY.resolve(file),
          root.resolve(file),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path jars = Files.createDirectories(root.resolve(".medallion/spark-home/jars"));
    List<Path> all = jars("spark.jars");
    all.addAll(jars("application.jars"));
    for (Path jar : all) {
      Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                root.resolve("medallion").toString(),
                arguments.get(0),
                "--master",
                master(),
                "--properties-file",
                properties.toString(),
                "--driver-memory",
                "768m",
                "--driver-java-options",
                "-XX:TieredStopAtLevel=1"));
    command.addAll(arguments.subList(1, arguments.size()));
    Process launched = start(name, command, Map.of("MEDALLION_CLASS_ARCHIVE", "off"));
    processes.add(launched);
    return launched;
  }

  /** Starts spark-submit with the application jar; its output is in {@link #log}. */
  Process submit(String name, Path properties, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                master(),
                "--properties-file",
                properties.toString(),
                "--class",
                main.getName(),
                TARGET.resolve("medallion.jar").toString()));
    command.addAll(arguments);
    Process submitted = process(name, "768m", command);
    processes.add(submitted);
    return submitted;
  }

  /** Ends a worker and its executors at once, as a machine that is gone. */
  void killWorker() {
    Process worker = processes.get(2);
    List<ProcessHandle> executors = worker.descendants().toList();
    worker.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  private void awaitWorkers(int number) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES_TO_START);
    while (state("aliveworkers") != number) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the workers did not register: " + Files.readString(log("master")));
      }
      Thread.sleep(200);
    }
  }

  /** A number of the master's state; -1 while it does not answer. */
  int state(String key) {
    try (InputStream in =
        URI.create("http://127.0.0.1:" + webPort + "/json/").toURL().openStream()) {
      Matcher number =
          Pattern.compile('"' + key + "\"\\s*:\\s*(\\d+)").matcher(new String(in.readAllBytes()));
      return number.find() ? Integer.parseInt(number.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Process process : processes) {
      List<ProcessHandle> executors = process.descendants().toList();
      process.destroyForcibly();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
