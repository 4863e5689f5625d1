package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that runs until the test is done with it. */
final class Server implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path log;

  private Server(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Server start(Path scratch, Map<String, String> environment, List<String> command)
      throws IOException {
    Path log = Files.createTempFile(scratch, "server", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Server(builder.start(), log);
  }

  /** A port that nobody listens on now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The command line as every process of the machine can read it. */
  String commandLine() {
    return process.info().commandLine().orElseThrow();
  }

  /** Asks until the answer is as wanted, at most a minute. */
  HttpResponse<String> await(String url, Predicate<HttpResponse<String>> wanted)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (true) {
      assertThat(process.isAlive()).as("%s", Files.readString(log)).isTrue();
      try {
        HttpResponse<String> answer = get(url);
        if (wanted.test(answer)) {
          return answer;
        }
      } catch (ConnectException e) {
        // It does not listen yet.
      }
      assertThat(System.nanoTime()).as("%s", Files.readString(log)).isLessThan(end);
      Thread.sleep(100);
    }
  }

  static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Waits until something listens, at most a minute. */
  void awaitPort(int port) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (true) {
      assertThat(process.isAlive()).as("%s", Files.readString(log)).isTrue();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        return;
      } catch (ConnectException e) {
        assertThat(System.nanoTime()).as("%s", Files.readString(log)).isLessThan(end);
        Thread.sleep(100);
      }
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
