package io.medallion.jobs.config;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Snowflake as profile and environment name it, where no file of settings does. */
public final class SnowflakeProfile {
  private static final String DOMAIN = ".snowflakecomputing.com";

  /** What no load can do without. */
  private static final List<Setting> NEEDED =
      List.of(
          Settings.SNOWFLAKE_URL,
          Settings.SNOWFLAKE_USER,
          Settings.SNOWFLAKE_DATABASE,
          Settings.SNOWFLAKE_SCHEMA);

  /** By the key that a file of settings has for each. */
  private static final Map<String, Setting> FIELDS =
      Map.ofEntries(
          Map.entry("host", Settings.SNOWFLAKE_URL),
          Map.entry("user", Settings.SNOWFLAKE_USER),
          Map.entry("role", Settings.SNOWFLAKE_ROLE),
          Map.entry("warehouse", Settings.SNOWFLAKE_WAREHOUSE),
          Map.entry("database", Settings.SNOWFLAKE_DATABASE),
          Map.entry("schema", Settings.SNOWFLAKE_SCHEMA),
          Map.entry("private_key_file", Settings.SNOWFLAKE_KEY_FILE),
          Map.entry("private_key_passphrase", Settings.SNOWFLAKE_KEY_PASSPHRASE),
          Map.entry("oauth_token", Settings.SNOWFLAKE_TOKEN),
          Map.entry("password", Settings.SNOWFLAKE_PASSWORD));

  private SnowflakeProfile() {}

  /** The settings; absent where one is wrong or missing, which is noted. */
  public static Optional<SnowflakeSettings> settings(
      Installation installation, List<Mistake> mistakes) {
    int before = mistakes.size();
    NEEDED.stream()
        .filter(setting -> installation.value(setting).isEmpty())
        .map(
            setting ->
                new Mistake(
                    "--warehouse snowflake",
                    "`" + setting.key() + "` is not set",
                    "set it in the profile or as "
                        + setting.variable()
                        + ", or name a file of settings with --warehouse-config"))
        .forEach(mistakes::add);
    Map<String, String> values = new LinkedHashMap<>();
    FIELDS.forEach(
        (field, setting) ->
            installation.value(setting).ifPresent(value -> values.put(field, value)));
    if (mistakes.size() > before) {
      return Optional.empty();
    }
    values.put("account", account(values.get("host")));
    try {
      return Optional.of(SnowflakeSettings.of("settings snowflake.*", values));
    } catch (ConfigurationException e) {
      mistakes.addAll(e.mistakes());
      return Optional.empty();
    }
  }

  /** An account's host begins with its name. */
  private static String account(String host) {
    return host.endsWith(DOMAIN)
        ? host.substring(0, host.length() - DOMAIN.length())
        : host.replaceFirst("[.:].*", "");
  }
}
