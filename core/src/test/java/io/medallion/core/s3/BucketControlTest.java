package io.medallion.core.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.s3.model.BucketVersioningConfiguration;
import com.amazonaws.services.s3.model.SetBucketVersioningConfigurationRequest;
import com.sun.net.httpserver.HttpServer;
import io.medallion.core.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class BucketControlTest {

  @Test
  void tellsWhatAServerHas() throws IOException {
    try (S3Fixture s3 = S3Fixture.open()) {
      BucketControl bucket = BucketControl.of(s3.path("lake").toString(), s3.hadoop);
      assertThat(bucket.bucket()).isEqualTo(s3.bucket);
      assertThat(bucket.presence()).isEqualTo(BucketControl.Presence.PRESENT);
      assertThat(bucket.region()).isEqualTo("us-east-1");
      assertThat(bucket.versioning()).isEqualTo(BucketControl.Versioning.OFF);
      S3Location.of(s3.path("lake"), s3.hadoop)
          .client()
          .setBucketVersioningConfiguration(
              new SetBucketVersioningConfigurationRequest(
                  s3.bucket, new BucketVersioningConfiguration("Enabled")));
      assertThat(bucket.versioning()).isEqualTo(BucketControl.Versioning.ENABLED);
    }
  }

  @Test
  void tellsThatABucketIsNotThere() throws IOException {
    try (S3Fixture s3 = S3Fixture.open()) {
      for (Map.Entry<String, String> setting : settings(s3, "no-such-bucket").entrySet()) {
        s3.hadoop.set(setting.getKey(), setting.getValue());
      }
      assertThat(BucketControl.of("s3a://no-such-bucket/lake", s3.hadoop).presence())
          .isEqualTo(BucketControl.Presence.ABSENT);
    }
  }

  private static Map<String, String> settings(S3Fixture s3, String bucket) {
    Map<String, String> settings = new java.util.TreeMap<>();
    s3.hadoop.forEach(
        setting -> {
          if (setting.getKey().startsWith("fs.s3a.bucket." + s3.bucket)) {
            settings.put(setting.getKey().replace(s3.bucket, bucket), setting.getValue());
          }
        });
    return settings;
  }

  @Test
  void wrongKeyIsForbidden() throws IOException {
    try (S3Fixture s3 = S3Fixture.open()) {
      s3.hadoop.set("fs.s3a.bucket." + s3.bucket + ".secret.key", "wrong");
      s3.hadoop.set("fs.s3a.bucket." + s3.bucket + ".attempts.maximum", "0");
      BucketControl bucket = BucketControl.of(s3.path("lake").toString(), s3.hadoop);
      assertThat(bucket.presence()).isEqualTo(BucketControl.Presence.FORBIDDEN);
      assertThatThrownBy(bucket::versioning)
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("cannot be asked for s3:GetBucketVersioning")
          .hasMessageContaining("SignatureDoesNotMatch (403)")
          .hasMessageContaining("fix: let the role of this job do s3:GetBucketVersioning");
    }
  }

  /** Answers as S3's reference prints them, for what the test server does not know. */
  @Test
  void readsSettingsAsS3AnswersThem() throws IOException {
    BucketControl bucket =
        answering(
            200,
            Map.of(
                "encryption",
                "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                    + "<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:eu-central-1:1:key/k"
                    + "</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule>"
                    + "</ServerSideEncryptionConfiguration>",
                "location",
                "<LocationConstraint>eu-central-1</LocationConstraint>",
                "publicAccessBlock",
                "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
                    + "<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>"
                    + "<RestrictPublicBuckets>false</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
                "tagging",
                "<Tagging><TagSet><Tag><Key>team</Key><Value>sales</Value></Tag></TagSet></Tagging>",
                "lifecycle",
                "<LifecycleConfiguration><Rule><ID>bronze</ID><Filter><Prefix>lake/bronze/</Prefix></Filter>"
                    + "<Status>Enabled</Status><Transition><Days>90</Days><StorageClass>GLACIER_IR"
                    + "</StorageClass></Transition><Expiration><Days>730</Days></Expiration>"
                    + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>"
                    + "</AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>"));
    assertThat(bucket.encryption())
        .contains(
            new BucketControl.Encryption(
                "aws:kms", Optional.of("arn:aws:kms:eu-central-1:1:key/k")));
    assertThat(bucket.region()).isEqualTo("eu-central-1");
    BucketControl.PublicAccessBlock block = bucket.publicAccessBlock();
    assertThat(block).isEqualTo(new BucketControl.PublicAccessBlock(true, true, true, false));
    assertThat(block.complete()).isFalse();
    assertThat(bucket.tags()).isEqualTo(Map.of("team", "sales"));
    assertThat(bucket.lifecycle())
        .isEqualTo(
            List.of(
                new BucketControl.LifecycleRule(
                    "bronze",
                    true,
                    "lake/bronze/",
                    Map.of("GLACIER_IR", 90),
                    OptionalInt.of(730),
                    OptionalInt.of(7))));
  }

  @Test
  void settingsThatWereNeverMadeAreAbsent() throws IOException {
    BucketControl bucket =
        answering(
            404,
            Map.of(
                "encryption", error("ServerSideEncryptionConfigurationNotFoundError"),
                "publicAccessBlock", error("NoSuchPublicAccessBlockConfiguration"),
                "tagging", error("NoSuchTagSet"),
                "lifecycle", error("NoSuchLifecycleConfiguration")));
    assertThat(bucket.encryption()).isEmpty();
    assertThat(bucket.publicAccessBlock().complete()).isFalse();
    assertThat(bucket.tags()).isEmpty();
    assertThat(bucket.lifecycle()).isEmpty();
  }

  @Test
  void storeThatDoesNotKnowTheQuestionIsNamed() throws IOException {
    BucketControl bucket = answering(501, Map.of("encryption", error("NotImplemented")));
    assertThatThrownBy(bucket::encryption)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(
            "cannot be asked for s3:GetEncryptionConfiguration: the store answers NotImplemented (501)");
  }

  private static String error(String code) {
    return "<Error><Code>" + code + "</Code><Message>m</Message></Error>";
  }

  /** A bucket whose server answers the named questions so. */
  private static BucketControl answering(int status, Map<String, String> answers)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String question = String.valueOf(exchange.getRequestURI().getQuery()).replace("=", "");
          byte[] body = answers.getOrDefault(question, error("NoSuchBucket")).getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/xml");
          exchange.sendResponseHeaders(answers.containsKey(question) ? status : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.setExecutor(
        java.util.concurrent.Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work);
              thread.setDaemon(true);
              return thread;
            }));
    server.start();
    Configuration hadoop = new Configuration();
    hadoop.set("fs.s3a.endpoint", "http://127.0.0.1:" + server.getAddress().getPort());
    hadoop.set("fs.s3a.endpoint.region", "us-east-1");
    hadoop.set("fs.s3a.path.style.access", "true");
    hadoop.set("fs.s3a.access.key", "k");
    hadoop.set("fs.s3a.secret.key", "s");
    hadoop.set("fs.s3a.bucket.probe", "0");
    hadoop.set("fs.s3a.attempts.maximum", "0");
    hadoop.set("fs.s3a.impl.disable.cache", "true");
    return BucketControl.of("s3a://answers/lake", hadoop);
  }
}
