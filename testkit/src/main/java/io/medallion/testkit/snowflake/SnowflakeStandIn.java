package io.medallion.testkit.snowflake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.duckdb.DuckDBConnection;

/**
 * Snowflake's protocol on a port of this machine, with one database in DuckDB's memory behind it.
 *
 * <p>Only what listens on this machine can reach it. Everything ends with {@link #close()}.
 */
public final class SnowflakeStandIn implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // Else every answer waits for 40 ms until the other side has acknowledged its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Connection root;
  private final String database;
  private final String schema;
  private final Accounts accounts = new Accounts();
  private final Faults faults = new Faults();
  private final Stage stage = new Stage();
  private final Locks locks = new Locks();
  private final Answers answers = new Answers();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  private SnowflakeStandIn(String database, String schema) throws IOException, SQLException {
    this.database = database.toUpperCase(Locale.ROOT);
    this.schema = schema.toUpperCase(Locale.ROOT);
    this.root = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = root.createStatement()) {
      statement.execute("SET default_null_order = 'NULLS_LAST_ON_ASC_FIRST_ON_DESC'");
      statement.execute("ATTACH ':memory:' AS \"" + this.database + "\"");
      statement.execute("CREATE SCHEMA \"" + this.database + "\".\"" + this.schema + "\"");
    }
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "snowflake-stand-in");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts with an empty schema in an empty database. */
  public static SnowflakeStandIn start(String database, String schema) {
    try {
      return new SnowflakeStandIn(database, schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB does not start: " + e.getMessage(), e);
    }
  }

  /** Host and port, as connector and driver take them. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Lets a user in with a password. */
  public SnowflakeStandIn withPassword(String user, String password) {
    accounts.password(user, password);
    return this;
  }

  /** Lets a user in with the private key that belongs to {@code key}. */
  public SnowflakeStandIn withKey(String user, PublicKey key) {
    accounts.key(user, key);
    return this;
  }

  /** Lets a user in with an OAuth token. */
  public SnowflakeStandIn withToken(String user, String token) {
    accounts.token(user, token);
    return this;
  }

  /**
   * Rolls a transaction back that somebody waits for and whose client has been silent for longer;
   * five minutes without this, as in Snowflake.
   */
  public SnowflakeStandIn abandoningAfter(Duration silence) {
    locks.patience(silence);
    return this;
  }

  /** What is to go wrong. */
  public Faults faults() {
    return faults;
  }

  /** The number of files that lie in stages. */
  public int stagedFiles() {
    return stage.size();
  }

  /** The number of sessions that are logged in. */
  public int sessions() {
    return sessions.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      for (Session session : sessions.values()) {
        session.close();
      }
      root.close();
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB does not end: " + e.getMessage(), e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        route(exchange);
      } catch (RuntimeException e) {
        send(exchange, 500, JSON.createObjectNode().put("message", String.valueOf(e)));
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Optional<Faults.Kind> fault = faults.request();
    if (path.equals("/queries/v1/query-request")) {
      query(exchange, body(exchange), fault);
      return;
    }
    if (fault.equals(Optional.of(Faults.Kind.LOSE_SESSION))) {
      end(token(exchange));
    } else if (fault.equals(Optional.of(Faults.Kind.DROP_ANSWER))) {
      exchange.getRequestBody().readAllBytes();
      return;
    } else if (fault.isPresent()) {
      exchange.getRequestBody().readAllBytes();
      send(exchange, 503, JSON.createObjectNode());
      return;
    }
    if (path.startsWith("/stage/") && exchange.getRequestMethod().equals("PUT")) {
      stage.put(path.substring("/stage/".length()), exchange.getRequestBody().readAllBytes());
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    if (path.startsWith("/monitoring/queries/")) {
      send(exchange, 200, answers.status(path.substring(path.lastIndexOf('/') + 1)));
      return;
    }
    JsonNode request = body(exchange);
    switch (path) {
      case "/session/v1/login-request" -> send(exchange, 200, login(request));
      case "/session" -> {
        end(token(exchange));
        send(exchange, 200, Answers.success());
      }
      case "/session/heartbeat" ->
          send(
              exchange,
              200,
              sessions.containsKey(token(exchange))
                  ? Answers.success()
                  : Answers.error(SnowflakeError.sessionGone(), ""));
      case "/session/token-request" ->
          send(exchange, 200, Answers.error(SnowflakeError.sessionGone(), ""));
      case "/telemetry/send", "/queries/v1/abort-request" -> send(exchange, 200, Answers.success());
      default -> send(exchange, 404, JSON.createObjectNode().put("message", "no such address"));
    }
  }

  private ObjectNode login(JsonNode request) {
    try {
      accounts.check(request.path("data"));
    } catch (SnowflakeError e) {
      return Answers.error(e, "");
    }
    String token = Answers.id();
    try {
      Connection connection = ((DuckDBConnection) root).duplicate();
      try (Statement statement = connection.createStatement()) {
        statement.execute("USE \"" + database + "\".\"" + schema + "\"");
      }
      sessions.put(token, new Session(connection, locks, stage));
    } catch (SQLException e) {
      return Answers.error(SnowflakeError.of(e.getMessage()), "");
    }
    return Answers.login(token, database, schema);
  }

  private void query(HttpExchange exchange, JsonNode request, Optional<Faults.Kind> ofRequest)
      throws IOException {
    String sql = request.path("sqlText").asText();
    Optional<Faults.Kind> fault = faults.next(sql).or(() -> ofRequest);
    pause();
    String token = token(exchange);
    if (fault.equals(Optional.of(Faults.Kind.UNAVAILABLE))) {
      send(exchange, 503, JSON.createObjectNode());
      return;
    }
    if (fault.equals(Optional.of(Faults.Kind.LOSE_SESSION))) {
      end(token);
    }
    if (fault.equals(Optional.of(Faults.Kind.LOSE_ROW)) && sessions.containsKey(token)) {
      sessions.get(token).loseRow();
    }
    // A request that comes again gets the answer of its first time.
    String requestId =
        String.valueOf(exchange.getRequestURI().getQuery())
            .replaceAll(".*requestId=([^&]+).*", "$1");
    Optional<SnowflakeError> error =
        fault.flatMap(
            kind ->
                switch (kind) {
                  case FAIL -> Optional.of(SnowflakeError.injected());
                  case REFUSE -> Optional.of(SnowflakeError.refused(schema));
                  default -> Optional.empty();
                });
    ObjectNode answer =
        answers.once(
            requestId,
            () ->
                error
                    .map(injected -> Answers.error(injected, Answers.id()))
                    .orElseGet(() -> carryOut(token, sql, request)));
    if (fault.equals(Optional.of(Faults.Kind.DROP_ANSWER))) {
      return;
    }
    send(exchange, 200, answer);
  }

  private ObjectNode carryOut(String token, String sql, JsonNode request) {
    String id = Answers.id();
    Session session = sessions.get(token);
    if (session == null) {
      return Answers.error(SnowflakeError.sessionGone(), id);
    }
    Optional<Result> earlier = answers.scanned(sql);
    try {
      if (Upload.isTransfer(sql)) {
        return Upload.answer(sql, "http://" + host(), id);
      }
      Result result =
          earlier.isPresent()
              ? earlier.get()
              : session.run(
                  sql, request.path("bindings"), request.path("describeOnly").asBoolean());
      if (!request.path("asyncExec").asBoolean()) {
        return Answers.of(result, id, database, schema);
      }
      answers.keep(id, result);
      return Answers.running(id);
    } catch (SnowflakeError e) {
      if (request.path("asyncExec").asBoolean()) {
        answers.keep(id, e);
        return Answers.running(id);
      }
      return Answers.error(e, id);
    }
  }

  private void pause() {
    try {
      Thread.sleep(faults.delay().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(String token) {
    Session session = sessions.remove(token);
    if (session != null) {
      try {
        session.close();
      } catch (SQLException e) {
        throw new IllegalStateException("DuckDB does not end a session: " + e.getMessage(), e);
      }
    }
  }

  private static String token(HttpExchange exchange) {
    String header =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    return header.replaceAll("^Snowflake Token=\"(.*)\"$", "$1");
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    byte[] bytes =
        "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
            ? new GZIPInputStream(in).readAllBytes()
            : in.readAllBytes();
    return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
  }

  private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
    byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
