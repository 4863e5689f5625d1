package io.medallion.jobs.config;

import java.util.List;
import java.util.Optional;

/** Every setting of an installation. The reference of the configuration is generated from here. */
public final class Settings {
  private static final ValueType NAME = new ValueType.Text("name");
  private static final ValueType PLACE = new ValueType.Text("path or URI");
  private static final ValueType PATH = new ValueType.Text("path");
  private static final ValueType TEXT = new ValueType.Text("text");

  /** Terraform's profile has such keys already. */
  private static final String UNREAD = "; no command reads it yet";

  public static final Setting PROFILE =
      Setting.of(
              "profile",
              NAME,
              "the profile whose settings hold where neither option nor environment says otherwise:"
                  + " a name in conf/profiles, or the path of a .yaml file")
          .byOption("profile", "NAME|FILE");
  public static final Setting LAKE =
      Setting.of("lake", PLACE, "where the lake is: a path or a Hadoop URI")
          .withDefault("./lake")
          .byOption("lake", "URI");
  public static final Setting CONFIG =
      Setting.of(
              "config",
              PATH,
              "folder with contracts/ and stars/; without it, ./conf where there is one, else the"
                  + " embedded ones")
          .byOption("config", "DIR");
  public static final Setting FEED =
      Setting.of("feed", NAME, "the feed the sources belong to")
          .withDefault("sales_orders")
          .byOption("feed", "NAME");
  public static final Setting STAR =
      Setting.of("star", NAME, "only this star; without it, every star that is fed")
          .byOption("star", "NAME");

  static final Setting S3_ENDPOINT =
      Setting.of(
              "s3.endpoint",
              new ValueType.Text("URL"),
              "where S3 is, if it is not Amazon's own for the region")
          .toSpark("spark.hadoop.fs.s3a.endpoint");
  public static final Setting S3_REGION =
      Setting.of("s3.region", NAME, "region of the lake's bucket, such as eu-central-1")
          .toSpark("spark.hadoop.fs.s3a.endpoint.region");
  static final Setting S3_PATH_STYLE =
      Setting.of(
              "s3.path.style",
              new ValueType.Flag(),
              "whether the bucket is named in the path, for stores that do not serve BUCKET.HOST")
          .toSpark("spark.hadoop.fs.s3a.path.style.access");
  static final Setting S3_KMS_KEY =
      Setting.of(
              "s3.kms.key",
              new ValueType.Text("ARN"),
              "key that encrypts what is written (SSE-KMS); without it, the bucket's own encryption")
          .toSpark("spark.hadoop.fs.s3a.encryption.algorithm", "SSE-KMS")
          .toSpark("spark.hadoop.fs.s3a.encryption.key");
  static final Setting S3_ACCESS_KEY =
      Setting.of(
              "s3.access.key",
              TEXT,
              "access key; without it, the environment's, a role's, or those of ~/.aws")
          .secret()
          .toSpark("spark.hadoop.fs.s3a.access.key");
  static final Setting S3_SECRET_KEY =
      Setting.of("s3.secret.key", TEXT, "secret that belongs to s3.access.key")
          .secret()
          .toSpark("spark.hadoop.fs.s3a.secret.key");
  static final Setting S3_SESSION_TOKEN =
      Setting.of("s3.session.token", TEXT, "token of a key that is valid for hours only")
          .secret()
          .toSpark("spark.hadoop.fs.s3a.session.token");

  public static final Setting WAREHOUSE_KIND =
      Setting.of(
              "warehouse.kind",
              new ValueType.Choice(WarehouseKind.words()),
              "where finished stars go: "
                  + String.join(" or ", WarehouseKind.words())
                  + "; without it, duckdb where the lake is on a local disk")
          .byOption("warehouse", "KIND");
  public static final Setting WAREHOUSE_FILE =
      Setting.of(
              "warehouse.file",
              PATH,
              "the DuckDB file, on a local disk; without it, warehouse.duckdb in the lake")
          .byOption("warehouse-file", "PATH");
  public static final Setting WAREHOUSE_CONFIG =
      Setting.of(
              "warehouse.config",
              PATH,
              "YAML with Snowflake's account, user, key, database and schema; without it, the settings"
                  + " snowflake.*")
          .byOption("warehouse-config", "FILE");
  static final Setting SNOWFLAKE_URL =
      Setting.of(
          "snowflake.url",
          new ValueType.Text("host"),
          "the account's host at Snowflake, no https://");
  static final Setting SNOWFLAKE_USER =
      Setting.of("snowflake.user", NAME, "user of type service that loads");
  static final Setting SNOWFLAKE_ROLE = Setting.of("snowflake.role", NAME, "role that loads");
  static final Setting SNOWFLAKE_WAREHOUSE =
      Setting.of("snowflake.warehouse", NAME, "virtual warehouse that loads");
  static final Setting SNOWFLAKE_DATABASE =
      Setting.of("snowflake.database", NAME, "database of the star");
  static final Setting SNOWFLAKE_SCHEMA =
      Setting.of("snowflake.schema", NAME, "schema of the star's tables, which analysts read");
  static final Setting SNOWFLAKE_LOAD_SCHEMA =
      Setting.of(
          "snowflake.load.schema", NAME, "schema where rows stand until they are merged" + UNREAD);

  static final Setting SNOWFLAKE_KEY_FILE =
      Setting.of(
          "snowflake.private.key.file",
          PATH,
          "the user's RSA key as PKCS#8 in PEM: one way to log in");
  static final Setting SNOWFLAKE_KEY_PASSPHRASE =
      Setting.of("snowflake.private.key.passphrase", TEXT, "opens the key where it is encrypted")
          .secret();
  static final Setting SNOWFLAKE_TOKEN =
      Setting.of("snowflake.oauth.token", TEXT, "OAuth access token: another way to log in")
          .secret();
  static final Setting SNOWFLAKE_PASSWORD =
      Setting.of("snowflake.password", TEXT, "password: the last way to log in").secret();

  public static final Setting KAFKA_BOOTSTRAP_SERVERS =
      Setting.of(
              "kafka.bootstrap.servers",
              new ValueType.Servers(),
              "a topic's brokers; for feeds of kind topic")
          .byOption("bootstrap-servers", "HOST:PORT[,…]");
  public static final Setting KAFKA_TOPIC =
      Setting.of("kafka.topic", NAME, "the topic, where it is not the contract's")
          .byOption("topic", "NAME");
  public static final Setting METRICS_PORT =
      Setting.of(
              "metrics.port",
              new ValueType.Whole(0, 65_535),
              "serve Prometheus at http://HOST:PORT/metrics; 0 takes a free port; without it, nothing is served")
          .in("port")
          .byOption("metrics-port", "PORT");

  public static final Setting METRICS_ADDRESS =
      Setting.of(
              "metrics.address",
              NAME,
              "where Prometheus may reach the metrics: 127.0.0.1, this machine alone, unless it says"
                  + " otherwise; 0.0.0.0 for everyone")
          .in("address")
          .byOption("metrics-address", "ADDRESS");

  /** In the order of the reference. */
  public static final List<Setting> ALL =
      List.of(
          PROFILE,
          LAKE,
          CONFIG,
          FEED,
          STAR,
          S3_ENDPOINT,
          S3_REGION,
          S3_PATH_STYLE,
          S3_KMS_KEY,
          S3_ACCESS_KEY,
          S3_SECRET_KEY,
          S3_SESSION_TOKEN,
          WAREHOUSE_KIND,
          WAREHOUSE_FILE,
          WAREHOUSE_CONFIG,
          SNOWFLAKE_URL,
          SNOWFLAKE_USER,
          SNOWFLAKE_ROLE,
          SNOWFLAKE_WAREHOUSE,
          SNOWFLAKE_DATABASE,
          SNOWFLAKE_SCHEMA,
          SNOWFLAKE_LOAD_SCHEMA,
          SNOWFLAKE_KEY_FILE,
          SNOWFLAKE_KEY_PASSPHRASE,
          SNOWFLAKE_TOKEN,
          SNOWFLAKE_PASSWORD,
          KAFKA_BOOTSTRAP_SERVERS,
          KAFKA_TOPIC,
          METRICS_PORT,
          METRICS_ADDRESS);

  private Settings() {}

  /** The setting that an option sets; absent where the option is the command's own. */
  public static Optional<Setting> of(OptionSpec option) {
    return ALL.stream().filter(s -> s.option().equals(Optional.of(option))).findFirst();
  }

  /** The settings that a profile may hold. */
  static List<Setting> ofProfiles() {
    return ALL.stream().filter(s -> s != PROFILE).toList();
  }

  /** What a profile calls the setting. */
  public static Optional<Setting> ofKey(String key) {
    return ofProfiles().stream().filter(s -> s.key().equals(key)).findFirst();
  }
}
