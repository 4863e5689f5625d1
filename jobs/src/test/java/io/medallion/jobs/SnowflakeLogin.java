package io.medallion.jobs;

import io.medallion.testkit.snowflake.SnowflakeStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A loader's key and settings, as a user would keep them in files. */
final class SnowflakeLogin {
  private SnowflakeLogin() {}

  static KeyPair newKeys() throws NoSuchAlgorithmException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  /** The private key as it stands between the lines of a PEM file. */
  static String text(KeyPair keys) {
    return Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded());
  }

  /** Writes the key and the settings that name it; returns the settings' file. */
  static Path write(Path dir, SnowflakeStandIn server, KeyPair keys) throws IOException {
    Path key = dir.resolve("key.p8");
    Files.writeString(
        key, "-----BEGIN PRIVATE KEY-----\n" + text(keys) + "\n-----END PRIVATE KEY-----\n");
    return Files.writeString(
        dir.resolve("snowflake.yaml"),
        """
        account: acct
        host: %s
        tls: false
        user: loader
        private_key_file: %s
        database: SALES
        schema: STAR
        """
            .formatted(server.host(), key));
  }
}
