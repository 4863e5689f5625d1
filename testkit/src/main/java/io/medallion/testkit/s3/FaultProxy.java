package io.medallion.testkit.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy in front of an S3 server that breaks what S3 and networks break, and counts requests.
 *
 * <p>Whether and how the n-th request is broken follows from the seed alone. Each connection serves
 * one request: a client that must connect anew notices nothing else.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final URI server;
  private final ServerSocket listener;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "fault-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<RequestKind, Long> requests = new EnumMap<>(RequestKind.class);
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<ArmedFault> armed = new ArrayList<>();
  private final List<Request> seen = new ArrayList<>();
  private SplittableRandom random = new SplittableRandom(0);
  private double rate;
  private boolean conditionsIgnored;

  private record ArmedFault(Fault fault, String method, String pathPart) {}

  private record Request(String method, String target, String head, byte[] body) {
    RequestKind kind() {
      return RequestKind.of(
          method, target, head.toLowerCase(Locale.ROOT).contains("\r\nx-amz-copy-source:"));
    }
  }

  private FaultProxy(URI server, ServerSocket listener) {
    this.server = server;
    this.listener = listener;
  }

  /** Starts a proxy that breaks nothing yet. */
  public static FaultProxy inFrontOf(URI server) {
    try {
      FaultProxy proxy =
          new FaultProxy(server, new ServerSocket(0, 512, InetAddress.getLoopbackAddress()));
      proxy.threads.submit(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on breaks this share of requests, each in a way that the seed chooses. */
  public synchronized void breakAtRandom(long seed, double share) {
    random = new SplittableRandom(seed);
    rate = share;
  }

  /** Breaks the next request of that method whose path contains the text, once. */
  public synchronized void breakNext(Fault fault, String method, String pathPart) {
    armed.add(new ArmedFault(fault, method, pathPart));
  }

  /**
   * From now on hides {@code If-None-Match} from the server: a store without conditional writes.
   * The server must not check signatures.
   */
  public synchronized void ignoreConditions() {
    conditionsIgnored = true;
  }

  /** Where it listens. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Requests that came in so far, the broken ones included. */
  public synchronized Map<RequestKind, Long> requests() {
    return Map.copyOf(requests);
  }

  /** What was broken so far. */
  public synchronized Map<Fault, Long> faults() {
    return Map.copyOf(faults);
  }

  /**
   * Headers of the last request of that method whose path contains the text, by their names in
   * lower case; empty where there was none.
   */
  public synchronized Map<String, String> headersOfLast(String method, String pathPart) {
    Map<String, String> headers = new java.util.TreeMap<>();
    seen.stream()
        .filter(r -> r.method().equals(method) && r.target().contains(pathPart))
        .reduce((earlier, later) -> later)
        .ifPresent(
            r ->
                r.head()
                    .lines()
                    .skip(1)
                    .filter(line -> line.contains(":"))
                    .forEach(
                        line ->
                            headers.put(
                                line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                                line.substring(line.indexOf(':') + 1).strip())));
    return headers;
  }

  /** Requests by kind and the first parts of their paths, the most frequent last. */
  public synchronized List<String> byPath(int depth) {
    Map<String, Long> counts = new java.util.TreeMap<>();
    for (Request request : seen) {
      String path =
          java.net.URLDecoder.decode(request.target(), java.nio.charset.StandardCharsets.UTF_8);
      String key =
          path.contains("prefix=")
              ? path.replaceAll(".*prefix=([^&]*).*", "$1")
              : path.replaceAll("^/[^/]*/?|\\?.*", "");
      List<String> parts = List.of(key.split("/"));
      String start = String.join("/", parts.subList(0, Math.min(depth, parts.size())));
      boolean log = key.contains("_delta_log") && depth >= 3;
      counts.merge(request.kind() + " " + start + (log ? "/_delta_log" : ""), 1L, Long::sum);
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(e -> e.getValue() + " " + e.getKey())
        .toList();
  }

  /** Begins to count anew. */
  public synchronized void reset() {
    seen.clear();
    requests.clear();
    faults.clear();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.submit(() -> serve(client));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      Request request = read(client);
      if (request == null) {
        return;
      }
      Optional<Fault> fault = next(request);
      if (fault.isEmpty()) {
        client.getOutputStream().write(answer(request));
        return;
      }
      inject(fault.get(), request, client);
    } catch (IOException e) {
      // The client has closed the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void inject(Fault fault, Request request, Socket client)
      throws IOException, InterruptedException {
    OutputStream out = client.getOutputStream();
    switch (fault) {
      case SLOW_DOWN -> out.write(slowDown(request));
      case RESET -> client.setSoLinger(true, 0);
      case LOST_ANSWER -> {
        answer(request);
        client.setSoLinger(true, 0);
      }
      case CUT_BODY -> {
        byte[] answer = answer(request);
        out.write(answer, 0, middleOfBody(answer));
        out.flush();
        client.setSoLinger(true, 0);
      }
      case SLOW_BODY -> {
        byte[] answer = answer(request);
        int middle = middleOfBody(answer);
        out.write(answer, 0, middle);
        out.flush();
        Thread.sleep(PAUSE.toMillis());
        out.write(answer, middle, answer.length - middle);
      }
    }
  }

  private synchronized Optional<Fault> next(Request request) {
    requests.merge(request.kind(), 1L, Long::sum);
    seen.add(new Request(request.method(), request.target(), request.head(), new byte[0]));
    Optional<Fault> fault =
        armed.stream()
            .filter(p -> p.method().equals(request.method()))
            .filter(p -> request.target().contains(p.pathPart()))
            .findFirst()
            .map(
                p -> {
                  armed.remove(p);
                  return p.fault();
                });
    double dice = random.nextDouble();
    Fault any = Fault.values()[random.nextInt(Fault.values().length)];
    if (fault.isEmpty() && dice < rate) {
      fault = Optional.of(any);
    }
    fault.ifPresent(f -> faults.merge(f, 1L, Long::sum));
    return fault;
  }

  private static byte[] slowDown(Request request) {
    String body =
        request.method().equals("HEAD")
            ? ""
            : "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code>"
                + "<Message>Please reduce your request rate.</Message></Error>";
    return ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(ISO_8859_1);
  }

  /** Where half of the answer's body has passed; its end where it has none. */
  private static int middleOfBody(byte[] answer) {
    int body = new String(answer, ISO_8859_1).indexOf("\r\n\r\n") + 4;
    return body + (answer.length - body) / 2;
  }

  /** The whole answer of the server, head and body. */
  private byte[] answer(Request request) throws IOException {
    try (Socket upstream = new Socket(server.getHost(), server.getPort())) {
      OutputStream out = upstream.getOutputStream();
      out.write(request.head().getBytes(ISO_8859_1));
      out.write(request.body());
      out.flush();
      return upstream.getInputStream().readAllBytes();
    }
  }

  /** Reads a request, or nothing where the client closes the connection without one. */
  private Request read(Socket client) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream(), 1 << 16);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.write(b);
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
    }
    String[] lines = head.toString(ISO_8859_1).strip().split("\r\n");
    String[] first = lines[0].split(" ");
    StringBuilder passed = new StringBuilder(lines[0]).append("\r\n");
    int length = 0;
    for (int i = 1; i < lines.length; i++) {
      String name = lines[i].substring(0, lines[i].indexOf(':')).toLowerCase(Locale.ROOT);
      String value = lines[i].substring(name.length() + 1).strip();
      switch (name) {
        case "content-length" -> length = Integer.parseInt(value);
        case "transfer-encoding" ->
            throw new IOException("a chunked request is not what S3 clients send: " + lines[0]);
        default -> {}
      }
      if (name.equals("expect")) {
        client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        client.getOutputStream().flush();
      } else if (!name.equals("connection")
          && !(name.equals("if-none-match") && hidesConditions())) {
        passed.append(lines[i]).append("\r\n");
      }
    }
    passed.append("Connection: close\r\n\r\n");
    return new Request(first[0], first[1], passed.toString(), in.readNBytes(length));
  }

  private synchronized boolean hidesConditions() {
    return conditionsIgnored;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
