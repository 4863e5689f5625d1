package io.medallion.testkit.snowflake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers in the protocol's JSON, and those that may be asked for once more. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SCAN =
      Pattern.compile("(?i)result_scan\\s*\\(\\s*'([0-9a-f-]{36})'\\s*\\)");
  private static final String RUNNING = "333334";
  private static final int TEXT_LENGTH = 16_777_216;

  /** Nobody asks for more than the last few answers once more. */
  private static final int KEPT = 500;

  private final Map<String, CompletableFuture<ObjectNode>> byRequest = latest();
  private final Map<String, Result> results = latest();
  private final Map<String, SnowflakeError> errors = latest();

  private static <T> Map<String, T> latest() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > KEPT;
          }
        });
  }

  static String id() {
    return UUID.randomUUID().toString();
  }

  ObjectNode once(String request, Supplier<ObjectNode> first) {
    CompletableFuture<ObjectNode> mine = new CompletableFuture<>();
    CompletableFuture<ObjectNode> earlier = byRequest.putIfAbsent(request, mine);
    if (earlier != null) {
      return earlier.join();
    }
    try {
      mine.complete(first.get());
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
    }
    return mine.join();
  }

  void keep(String id, Result result) {
    results.put(id, result);
  }

  void keep(String id, SnowflakeError error) {
    errors.put(id, error);
  }

  /** The result that a {@code result_scan} asks for; absent where the statement is another. */
  Optional<Result> scanned(String sql) {
    Matcher scan = SCAN.matcher(sql);
    return scan.find()
        ? Optional.ofNullable(results.get(scan.group(1)))
            .map(result -> new Result(Result.SELECT, result.columns(), result.rows()))
        : Optional.empty();
  }

  ObjectNode status(String id) {
    ObjectNode answer = success();
    ObjectNode query =
        ((ObjectNode) answer.get("data")).putArray("queries").addObject().put("id", id);
    SnowflakeError error = errors.get(id);
    if (error != null) {
      query
          .put("status", "FAILED_WITH_ERROR")
          .put("state", "FAILED")
          .put("errorCode", String.format("%06d", error.code()))
          .put("errorMessage", error.getMessage());
    } else {
      query.put("status", "SUCCESS").put("state", "SUCCEEDED");
    }
    return answer;
  }

  static ObjectNode success() {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("success", true).putNull("code").putNull("message").putObject("data");
    return answer;
  }

  static ObjectNode error(SnowflakeError error, String id) {
    String code = String.format("%06d", error.code());
    ObjectNode answer = JSON.createObjectNode();
    answer.put("success", false).put("code", code).put("message", error.getMessage());
    answer
        .putObject("data")
        .put("errorCode", code)
        .put("sqlState", error.sqlState())
        .put("queryId", id)
        .put("internalError", false);
    return answer;
  }

  static ObjectNode running(String id) {
    ObjectNode answer = success();
    answer.put("code", RUNNING).put("message", "Query execution in progress.");
    ((ObjectNode) answer.get("data"))
        .put("queryId", id)
        .put("getResultUrl", "/queries/" + id + "/result");
    return answer;
  }

  static ObjectNode login(String token, String database, String schema) {
    ObjectNode answer = success();
    ObjectNode data = (ObjectNode) answer.get("data");
    data.put("token", token)
        .put("masterToken", "master-" + token)
        .put("validityInSeconds", 3600)
        .put("masterValidityInSeconds", 14_400)
        .put("displayUserName", "user")
        .put("serverVersion", "8.0.0")
        .put("firstLogin", false)
        .put("sessionId", 1);
    data.putObject("sessionInfo")
        .put("databaseName", database)
        .put("schemaName", schema)
        .put("warehouseName", "STAND_IN")
        .put("roleName", "STAND_IN");
    ArrayNode parameters = data.putArray("parameters");
    parameters.addObject().put("name", "AUTOCOMMIT").put("value", true);
    parameters.addObject().put("name", "CLIENT_TELEMETRY_ENABLED").put("value", false);
    parameters.addObject().put("name", "CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED").put("value", false);
    parameters.addObject().put("name", "CLIENT_RESULT_CHUNK_SIZE").put("value", 160);
    parameters.addObject().put("name", "CLIENT_PREFETCH_THREADS").put("value", 1);
    parameters.addObject().put("name", "CLIENT_MEMORY_LIMIT").put("value", 256);
    parameters.addObject().put("name", "TIMEZONE").put("value", "UTC");
    return answer;
  }

  static ObjectNode of(Result result, String id, String database, String schema) {
    ObjectNode answer = success();
    ObjectNode data = (ObjectNode) answer.get("data");
    data.putArray("parameters");
    ArrayNode types = data.putArray("rowtype");
    for (Result.Column column : result.columns()) {
      ObjectNode type = types.addObject();
      type.put("name", column.name())
          .put("database", database)
          .put("schema", schema)
          .put("table", "")
          .put("type", column.type())
          .put("nullable", column.nullable())
          .putNull("collation");
      if (column.type().equals("text") || column.type().equals("binary")) {
        type.put("length", TEXT_LENGTH).put("byteLength", TEXT_LENGTH);
        type.putNull("precision").putNull("scale");
      } else {
        type.put("precision", column.precision()).put("scale", column.scale());
        type.putNull("length").putNull("byteLength");
      }
    }
    ArrayNode rows = data.putArray("rowset");
    for (List<String> row : result.rows()) {
      ArrayNode cells = rows.addArray();
      row.forEach(cells::add);
    }
    data.put("total", result.rows().size())
        .put("returned", result.rows().size())
        .put("queryId", id)
        .put("finalDatabaseName", database)
        .put("finalSchemaName", schema)
        .put("finalWarehouseName", "STAND_IN")
        .put("finalRoleName", "STAND_IN")
        .put("numberOfBinds", 0)
        .put("arrayBindSupported", false)
        .put("statementTypeId", result.kind())
        .put("version", 1)
        .put("queryResultFormat", "json");
    return answer;
  }
}
