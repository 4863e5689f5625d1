package io.medallion.core.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.testkit.s3.Fault;
import io.medallion.testkit.s3.RequestKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the settings are for, seen in the requests that they lead to. */
class S3SettingsTest {
  private S3Fixture s3;

  @BeforeEach
  void open() {
    s3 = S3Fixture.open();
  }

  @AfterEach
  void close() {
    s3.close();
  }

  private FileSystem fileSystem() throws IOException {
    return s3.path("").getFileSystem(s3.hadoop);
  }

  private void set(String key, String value) {
    s3.hadoop.set("fs.s3a.bucket." + s3.bucket + "." + key, value);
  }

  @Test
  void settingsOfTheUserOutrankTheDefaultsAndPluginsAreAdded() {
    SparkConf conf =
        S3Settings.complete(
            new SparkConf(false)
                .set("spark.plugins", "com.example.Plugin")
                .set("spark.hadoop.fs.s3a.attempts.maximum", "3"));
    assertThat(conf.get("spark.plugins"))
        .isEqualTo("com.example.Plugin," + S3RequestPlugin.class.getName());
    assertThat(conf.get("spark.hadoop.fs.s3a.attempts.maximum")).isEqualTo("3");
    assertThat(conf.get("spark.delta.logStore.s3a.impl"))
        .isEqualTo(ConditionalPutLogStore.class.getName());
  }

  @Test
  void aClusterWithAnS3aOfItsOwnKeepsItsOwnClient() {
    String factory = "spark.hadoop.fs.s3a.s3.client.factory.impl";
    SparkConf own = S3Settings.complete(new SparkConf(false), ClassLoader.getPlatformClassLoader());
    assertThat(own.contains(factory)).isFalse();
    assertThat(own.get("spark.delta.logStore.s3a.impl"))
        .isEqualTo(ConditionalPutLogStore.class.getName());
    assertThat(S3Settings.complete(new SparkConf(false)).get(factory))
        .isEqualTo(CountingClientFactory.class.getName());
  }

  @Test
  void aSmallFileCostsOnePutAndNoDelete() throws IOException {
    fileSystem().mkdirs(s3.path("a/b"));
    s3.proxy.reset();
    write("a/b/file", new byte[1000]);
    assertThat(s3.proxy.requests().get(RequestKind.PUT)).isEqualTo(1);
    assertThat(s3.proxy.requests()).doesNotContainKeys(RequestKind.DELETE, RequestKind.MULTIPART);
  }

  @Test
  void aLargeFileGoesUpInParts() throws IOException {
    set("multipart.size", "5M");
    set("multipart.threshold", "5M");
    write("large", new byte[11 << 20]);
    // Begun, three parts, completed.
    assertThat(s3.proxy.requests().get(RequestKind.MULTIPART)).isEqualTo(5);
    assertThat(fileSystem().getFileStatus(s3.path("large")).getLen()).isEqualTo(11 << 20);
  }

  @Test
  void encryptionIsAskedForWithFilesAndWithCommits() throws IOException {
    set("encryption.algorithm", "AES256");
    write("file", new byte[10]);
    writeCommit();
    for (String key : List.of("/file", "0000.json")) {
      assertThat(s3.proxy.headersOfLast("PUT", key))
          .containsEntry("x-amz-server-side-encryption", "AES256");
    }
  }

  /** The SDK lets no request with a key's name pass without TLS: so it shows that one is set. */
  @Test
  void keyOfKmsGoesWithFilesAndWithCommits() {
    set("encryption.algorithm", "SSE-KMS");
    set("encryption.key", "arn:aws:kms:eu-central-1:1:key/k");
    set("retry.limit", "0");
    assertThatThrownBy(() -> write("file", new byte[10]))
        .hasMessageContaining("HTTPS must be used when sending customer encryption keys");
    assertThatThrownBy(this::writeCommit)
        .hasMessageContaining("HTTPS must be used when sending customer encryption keys");
  }

  private void writeCommit() throws IOException {
    new ConditionalPutLogStore(s3.hadoop)
        .write(
            s3.path("t/_delta_log/00000000000000000000.json"),
            List.of("a").iterator(),
            false,
            s3.hadoop);
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadFailsTheRead() throws IOException {
    write("file", new byte[8 << 20]);
    try (InputStream in = fileSystem().open(s3.path("file"))) {
      in.read();
      write("file", new byte[7 << 20]);
      ((org.apache.hadoop.fs.FSDataInputStream) in).seek(6 << 20);
      assertThatThrownBy(in::read)
          .isInstanceOf(org.apache.hadoop.fs.s3a.RemoteFileChangedException.class);
    }
    assertThat(s3.proxy.headersOfLast("GET", "/file")).containsKey("if-match");
  }

  @Test
  void aBodyThatIsCutOffIsReadOn() throws IOException {
    byte[] content = new byte[100_000];
    new java.util.Random(1).nextBytes(content);
    write("file", content);
    s3.proxy.breakNext(Fault.CUT_BODY, "GET", "/file");
    try (InputStream in = fileSystem().open(s3.path("file"))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(s3.proxy.faults()).isEqualTo(Map.of(Fault.CUT_BODY, 1L));
  }

  @Test
  void requestsAreCountedAsTheyAreSent() throws IOException {
    write("warm", new byte[1]);
    s3.proxy.reset();
    S3Requests.Counts before = S3Requests.sent();
    s3.proxy.breakNext(Fault.SLOW_DOWN, "PUT", "/x");
    write("x", new byte[10]);
    try (InputStream in = fileSystem().open(s3.path("x"))) {
      in.readAllBytes();
    }
    fileSystem().delete(s3.path("x"), false);
    S3Requests.Counts sent = S3Requests.sent().since(before);
    assertThat(sent.byKind().get(S3Request.PUT)).isEqualTo(2);
    for (S3Request kind : S3Request.values()) {
      assertThat(sent.byKind().get(kind))
          .as(kind.label())
          .isEqualTo(s3.proxy.requests().getOrDefault(RequestKind.valueOf(kind.name()), 0L));
    }
  }

  @Test
  void referenceIsWhatTheCodeSays() throws IOException {
    java.nio.file.Path page =
        java.nio.file.Path.of(
            System.getProperty("medallion.root"), "docs/reference/s3-settings.md");
    StringBuilder table = new StringBuilder("| setting | default | why |\n|---|---|---|\n");
    List<S3Settings.Setting> settings = new java.util.ArrayList<>(S3Settings.DEFAULTS);
    settings.add(S3Settings.CHECKPOINTS);
    for (S3Settings.Setting s : settings) {
      table.append(
          "| `%s` | `%s` | %s |\n".formatted(s.key(), s.value().replace(",", "`, `"), s.why()));
    }
    String actual = Files.readString(page);
    String wanted =
        actual.replaceAll(
            "(?s)(<!-- generated -->\n).*(<!-- end -->)",
            "$1" + java.util.regex.Matcher.quoteReplacement(table.toString()) + "$2");
    if (Boolean.getBoolean("medallion.docs.write")) {
      Files.writeString(page, wanted);
    }
    assertThat(Files.readString(page))
        .as("stale: run this test with -Dmedallion.docs.write=true")
        .isEqualTo(wanted);
  }

  private void write(String key, byte[] content) throws IOException {
    try (OutputStream out = fileSystem().create(s3.path(key), true)) {
      out.write(content);
    }
  }
}
