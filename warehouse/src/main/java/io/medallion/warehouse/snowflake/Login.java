package io.medallion.warehouse.snowflake;

import java.security.PrivateKey;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;

/** With what a user logs in. Its text never shows the secret. */
sealed interface Login {

  /** Adds what the JDBC driver needs. */
  void addTo(Properties properties);

  /** What the Spark connector needs. */
  Map<String, String> connectorOptions();

  /** A key pair, whose public half is registered in Snowflake. */
  record Key(PrivateKey key) implements Login {
    @Override
    public void addTo(Properties properties) {
      properties.put("privateKey", key);
    }

    @Override
    public Map<String, String> connectorOptions() {
      return Map.of("pem_private_key", Base64.getEncoder().encodeToString(key.getEncoded()));
    }

    @Override
    public String toString() {
      return "key pair";
    }
  }

  /** An OAuth access token. */
  record Token(String token) implements Login {
    @Override
    public void addTo(Properties properties) {
      properties.put("authenticator", "oauth");
      properties.put("token", token);
    }

    @Override
    public Map<String, String> connectorOptions() {
      return Map.of("sfauthenticator", "oauth", "sftoken", token);
    }

    @Override
    public String toString() {
      return "OAuth token";
    }
  }

  /** A password. */
  record Password(String password) implements Login {
    @Override
    public void addTo(Properties properties) {
      properties.put("password", password);
    }

    @Override
    public Map<String, String> connectorOptions() {
      return Map.of("sfpassword", password);
    }

    @Override
    public String toString() {
      return "password";
    }
  }
}
