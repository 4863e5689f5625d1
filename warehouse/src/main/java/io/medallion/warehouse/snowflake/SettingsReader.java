package io.medallion.warehouse.snowflake;

import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.YamlDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@link SnowflakeSettings} from YAML, {@code ${env:NAME}} standing for a variable. */
final class SettingsReader {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([A-Za-z_][A-Za-z0-9_]*)}");
  private static final Pattern LOOPBACK = Pattern.compile("(127\\.0\\.0\\.1|localhost)(:\\d+)?");

  private final String file;
  private final UnaryOperator<String> environment;
  private final Mistakes mistakes = new Mistakes();

  SettingsReader(String file, UnaryOperator<String> environment) {
    this.file = file;
    this.environment = environment;
  }

  SnowflakeSettings read(byte[] yaml) {
    Optional<Fields> root =
        YamlDocument.parse(file, yaml, mistakes)
            .flatMap(node -> Fields.of(node, "a file of Snowflake settings", mistakes));
    mistakes.throwIfAny();
    Fields fields = root.orElseThrow();
    Optional<String> account = required(fields, "account");
    Optional<String> host = optional(fields, "host");
    Optional<Located<Boolean>> tls = fields.flag("tls");
    Optional<String> user = required(fields, "user");
    Optional<String> database = required(fields, "database");
    Optional<String> schema = required(fields, "schema");
    Optional<String> role = optional(fields, "role");
    Optional<String> warehouse = optional(fields, "warehouse");
    Optional<String> queryTag = optional(fields, "query_tag");
    Optional<Login> login = login(fields);
    fields.finish();
    tls.filter(flag -> !flag.value() && !LOOPBACK.matcher(host.orElse("")).matches())
        .ifPresent(
            flag ->
                mistakes.add(
                    flag.at(),
                    "`tls: false` would send the login in the clear",
                    "remove it; only a stand-in on this machine goes without"));
    mistakes.throwIfAny();
    return new SnowflakeSettings(
        account.orElseThrow(),
        host.orElse(account.get() + ".snowflakecomputing.com"),
        tls.map(Located::value).orElse(true),
        user.orElseThrow(),
        login.orElseThrow(),
        role,
        warehouse,
        database.orElseThrow(),
        schema.orElseThrow(),
        queryTag.orElse("medallion"));
  }

  /** One way to log in: with two, a reader could not see which one is used. */
  private Optional<Login> login(Fields fields) {
    Optional<Located<String>> keyFile = fields.text("private_key_file");
    Optional<Located<String>> key = fields.text("private_key");
    Optional<Located<String>> passphrase = fields.text("private_key_passphrase");
    Optional<Located<String>> token = fields.text("oauth_token");
    Optional<Located<String>> password = fields.text("password");
    Map<String, Location> given = new TreeMap<>();
    keyFile.ifPresent(text -> given.put("private_key_file", text.at()));
    key.ifPresent(text -> given.put("private_key", text.at()));
    token.ifPresent(text -> given.put("oauth_token", text.at()));
    password.ifPresent(text -> given.put("password", text.at()));
    if (given.size() != 1) {
      mistakes.add(
          fields.at(),
          given.isEmpty()
              ? "nothing says how to log in"
              : "there are several ways to log in: " + String.join(", ", given.keySet()),
          "give one of private_key_file, private_key, oauth_token and password; a key is the safest");
      return Optional.empty();
    }
    Optional<String> opened = passphrase.flatMap(this::secret);
    if (keyFile.isPresent()) {
      return resolve(keyFile.get()).flatMap(path -> keyOf(keyFile.get().at(), path, opened));
    }
    if (key.isPresent()) {
      return secret(key.get()).flatMap(pem -> parsed(key.get().at(), pem, opened));
    }
    return token.isPresent()
        ? secret(token.get()).map(Login.Token::new)
        : password.flatMap(this::secret).map(Login.Password::new);
  }

  private Optional<Login> keyOf(Location at, String path, Optional<String> passphrase) {
    try {
      return parsed(at, Files.readString(Path.of(path), StandardCharsets.US_ASCII), passphrase);
    } catch (IOException e) {
      mistakes.add(
          at,
          "the key file " + path + " cannot be read: " + e.getClass().getSimpleName(),
          "name a PEM file that exists and is readable");
      return Optional.empty();
    }
  }

  private Optional<Login> parsed(Location at, String pem, Optional<String> passphrase) {
    try {
      return Optional.of(new Login.Key(PrivateKeyPem.read(pem, passphrase)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // The decoder's own message may quote what it has read.
      String reason = e instanceof GeneralSecurityException ? e.getMessage() : "it is no PEM";
      mistakes.add(at, "the private key cannot be used: " + reason, "give an RSA key as PKCS#8");
      return Optional.empty();
    }
  }

  private Optional<String> required(Fields fields, String name) {
    return fields.requiredText(name).flatMap(this::resolve);
  }

  private Optional<String> optional(Fields fields, String name) {
    return fields.text(name).flatMap(this::resolve);
  }

  /** A text that must not be written in the file itself. */
  private Optional<String> secret(Located<String> text) {
    if (!REFERENCE.matcher(text.value().strip()).matches()) {
      mistakes.add(
          text.at(),
          "a secret is written in the file",
          "put it into an environment variable and write ${env:NAME}");
      return Optional.empty();
    }
    return resolve(text);
  }

  private Optional<String> resolve(Located<String> text) {
    Matcher reference = REFERENCE.matcher(text.value());
    StringBuilder resolved = new StringBuilder();
    boolean whole = true;
    while (reference.find()) {
      String value = environment.apply(reference.group(1));
      if (value == null || value.isEmpty()) {
        mistakes.add(
            text.at(),
            "the environment variable " + reference.group(1) + " is not set",
            "set it where the load runs");
        whole = false;
        value = "";
      }
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    reference.appendTail(resolved);
    return whole ? Optional.of(resolved.toString()) : Optional.empty();
  }
}
