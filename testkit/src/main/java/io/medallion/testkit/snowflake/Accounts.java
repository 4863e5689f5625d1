package io.medallion.testkit.snowflake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who may log in, and with what. */
final class Accounts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  void password(String user, String password) {
    passwords.put(name(user), password);
  }

  void key(String user, PublicKey key) {
    keys.put(name(user), key);
  }

  void token(String user, String token) {
    tokens.put(name(user), token);
  }

  /** Checks the {@code data} of a login request. */
  void check(JsonNode login) throws SnowflakeError {
    String user = name(login.path("LOGIN_NAME").asText());
    String token = login.path("TOKEN").asText();
    switch (login.path("AUTHENTICATOR").asText("SNOWFLAKE").toUpperCase(Locale.ROOT)) {
      case "SNOWFLAKE_JWT" -> checkJwt(name(login.path("ACCOUNT_NAME").asText()), user, token);
      case "OAUTH" -> {
        if (token.isEmpty() || !token.equals(tokens.get(user))) {
          throw new SnowflakeError(390303, "08001", "Invalid OAuth access token.");
        }
      }
      default -> {
        if (!login.path("PASSWORD").asText().equals(passwords.get(user))
            || login.path("PASSWORD").asText().isEmpty()) {
          throw new SnowflakeError(
              390100, "08001", "Incorrect username or password was specified.");
        }
      }
    }
  }

  private void checkJwt(String account, String user, String token) throws SnowflakeError {
    SnowflakeError invalid = new SnowflakeError(390144, "08001", "JWT token is invalid.");
    String[] parts = token.split("\\.");
    PublicKey key = keys.get(user);
    if (parts.length != 3 || key == null) {
      throw invalid;
    }
    try {
      Base64.Decoder decoder = Base64.getUrlDecoder();
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(key);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      JsonNode claims = JSON.readTree(decoder.decode(parts[1]));
      String fingerprint =
          Base64.getEncoder()
              .encodeToString(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
      String subject = account + "." + user;
      boolean valid =
          signature.verify(decoder.decode(parts[2]))
              && claims.path("iss").asText().equals(subject + ".SHA256:" + fingerprint)
              && claims.path("sub").asText().equals(subject)
              && claims.path("exp").asLong() > Instant.now().getEpochSecond();
      if (!valid) {
        throw invalid;
      }
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      invalid.addSuppressed(e);
      throw invalid;
    }
  }

  private static String name(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
