package io.medallion.warehouse.snowflake;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Where stars go in Snowflake, and who brings them there. Its text shows no secret.
 *
 * @param host with port where that is not 443
 * @param tls whether the connection is encrypted; off for a stand-in on this machine alone
 */
public record SnowflakeSettings(
    String account,
    String host,
    boolean tls,
    String user,
    Login login,
    Optional<String> role,
    Optional<String> warehouse,
    String database,
    String schema,
    String queryTag) {

  /**
   * Reads a file of settings.
   *
   * @param environment gives the value of a variable, or null
   * @throws ConfigurationException with all mistakes of the file
   */
  public static SnowflakeSettings read(Path file, UnaryOperator<String> environment) {
    try {
      return new SettingsReader(file.toString(), environment).read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ConfigurationException(
          new Mistake(
              "--warehouse-config " + file,
              "the file cannot be read: " + e.getClass().getSimpleName(),
              "name a file that exists and is readable"));
    }
  }

  /**
   * Settings that were read already, under the keys of a file of settings.
   *
   * @param source where they come from, for messages
   * @throws ConfigurationException with all mistakes
   */
  public static SnowflakeSettings of(String source, Map<String, String> values) {
    // Read as variables, so that messages never quote a secret.
    String yaml =
        values.keySet().stream()
            .sorted()
            .map(key -> key + ": ${env:" + key + "}\n")
            .collect(Collectors.joining());
    return new SettingsReader(source, values::get).read(yaml.getBytes(StandardCharsets.UTF_8));
  }

  /** Account, database and schema, for messages. */
  String place() {
    return "Snowflake " + account + "/" + database + "/" + schema;
  }

  String url() {
    return "jdbc:snowflake://" + host;
  }

  Properties driverProperties() {
    Properties properties = new Properties();
    properties.put("account", account);
    properties.put("user", user);
    properties.put("db", database);
    properties.put("schema", schema);
    properties.put("ssl", tls ? "on" : "off");
    role.ifPresent(name -> properties.put("role", name));
    warehouse.ifPresent(name -> properties.put("warehouse", name));
    properties.put("QUERY_TAG", queryTag);
    // Arrow needs a way into the JVM's memory that Java 17 closes.
    properties.put("JDBC_QUERY_RESULT_FORMAT", "JSON");
    // Days and instants arrive as ISO texts, whatever the account reads by default.
    properties.put("DATE_INPUT_FORMAT", "AUTO");
    properties.put("TIMESTAMP_INPUT_FORMAT", "AUTO");
    properties.put("application", "Medallion");
    login.addTo(properties);
    return properties;
  }

  Map<String, String> connectorOptions() {
    Map<String, String> options = new HashMap<>();
    options.put("sfurl", host);
    options.put("sfaccount", account);
    options.put("sfuser", user);
    options.put("sfdatabase", database);
    options.put("sfschema", schema);
    options.put("sfssl", tls ? "on" : "off");
    role.ifPresent(name -> options.put("sfrole", name));
    warehouse.ifPresent(name -> options.put("sfwarehouse", name));
    options.put("query_tag", queryTag);
    options.putAll(login.connectorOptions());
    return options;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s as %s with %s at %s", place(), user, login, host);
  }
}
