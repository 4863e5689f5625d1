package io.medallion.warehouse.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnowflakeSettingsTest {
  private static final String PLACE =
      """
      account: acct
      user: loader
      database: SALES
      schema: STAR
      """;
  private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";
  private static final byte[] PBES2 = HexFormat.of().parseHex("06092a864886f70d01050d");
  private static KeyPair keys;

  @TempDir Path dir;

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
  }

  private SnowflakeSettings read(String yaml, Map<String, String> environment) throws IOException {
    Path file = dir.resolve("snowflake.yaml");
    Files.writeString(file, yaml);
    return SnowflakeSettings.read(file, environment::get);
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes), kind);
  }

  private static String encrypted(String passphrase) throws Exception {
    SecretKey secret =
        SecretKeyFactory.getInstance(CIPHER)
            .generateSecret(new PBEKeySpec(passphrase.toCharArray()));
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.ENCRYPT_MODE, secret);
    byte[] parameters = cipher.getParameters().getEncoded();
    byte[] algorithm =
        HexFormat.of().formatHex(parameters).contains(HexFormat.of().formatHex(PBES2))
            ? parameters
            : der(0x30, PBES2, parameters);
    byte[] text = der(0x04, cipher.doFinal(keys.getPrivate().getEncoded()));
    return pem("ENCRYPTED PRIVATE KEY", der(0x30, algorithm, text));
  }

  /** Java 17 reads such keys, and cannot write them. */
  private static byte[] der(int tag, byte[]... parts) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.write(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.size() < 128) {
      out.write(content.size());
    } else {
      out.write(0x82);
      out.write(content.size() >> 8);
      out.write(content.size());
    }
    content.writeTo(out);
    return out.toByteArray();
  }

  @Test
  void anEncryptedKeyIsOpenedWithItsPassphrase() throws Exception {
    Path key = dir.resolve("key.p8");
    Files.writeString(key, encrypted("open sesame"));

    SnowflakeSettings settings =
        read(
            PLACE + "private_key_file: " + key + "\nprivate_key_passphrase: ${env:PASS}\n",
            Map.of("PASS", "open sesame"));

    assertThat(settings.login()).isEqualTo(new Login.Key(keys.getPrivate()));
    assertThat(settings.host()).isEqualTo("acct.snowflakecomputing.com");
    assertThat(settings.tls()).isTrue();
    assertThat(settings.driverProperties())
        .containsEntry("privateKey", keys.getPrivate())
        .containsEntry("QUERY_TAG", "medallion")
        .containsEntry("ssl", "on")
        .doesNotContainKeys("password", "role", "warehouse");
  }

  @Test
  void aWrongPassphraseIsToldWithoutShowingIt() throws Exception {
    Path key = dir.resolve("key.p8");
    Files.writeString(key, encrypted("open sesame"));

    assertThatThrownBy(
            () ->
                read(
                    PLACE + "private_key_file: " + key + "\nprivate_key_passphrase: ${env:PASS}\n",
                    Map.of("PASS", "open barley")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("the private key cannot be used: the passphrase does not open it")
        .hasMessageNotContaining("barley");
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    account: acct
                    hots: acct.example.com
                    user: ${env:WHO}
                    database: SALES
                    password: hunter2-plain
                    tls: false
                    """,
                    Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("hots")
        .hasMessageContaining("the environment variable WHO is not set")
        .hasMessageContaining("schema")
        .hasMessageContaining("a secret is written in the file")
        .hasMessageContaining("`tls: false` would send the login in the clear")
        .hasMessageNotContaining("hunter2-plain");
  }

  @Test
  void oneWayToLogInIsEnough() {
    assertThatThrownBy(() -> read(PLACE, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nothing says how to log in");
    assertThatThrownBy(
            () ->
                read(
                    PLACE + "oauth_token: ${env:A}\npassword: ${env:B}\n",
                    Map.of("A", "a", "B", "b")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("there are several ways to log in: oauth_token, password");
  }

  @Test
  void noTextOfSettingsShowsASecret() throws Exception {
    Map<String, String> environment =
        Map.of("SECRET", "s3cr3t-value", "KEY", pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    for (String login :
        new String[] {
          "password: ${env:SECRET}", "oauth_token: ${env:SECRET}", "private_key: ${env:KEY}"
        }) {
      SnowflakeSettings settings = read(PLACE + login + "\n", environment);
      assertThat(settings.toString())
          .contains("Snowflake acct/SALES/STAR as loader")
          .doesNotContain("s3cr3t-value")
          .doesNotContain(
              Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()).substring(50, 80));
    }
  }
}
