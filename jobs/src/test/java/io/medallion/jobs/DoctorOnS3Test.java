package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor at a bucket of a server, which it reaches by a profile and its variables. */
@Tag("slow")
class DoctorOnS3Test {
  private static S3Bucket bucket;

  @TempDir Path dir;

  @BeforeAll
  static void start() {
    bucket = S3Bucket.open();
  }

  @AfterAll
  static void stop() {
    bucket.close();
  }

  /** Asks by a profile of the server, secrets by reference. */
  private CommandRun doctor(String name, Map<String, String> changed) throws IOException {
    Path profile =
        Files.writeString(
            dir.resolve("s3.yaml"),
            """
            lake: s3a://%s/lake
            s3:
              endpoint: %s
              region: us-east-1
              path.style: true
              access.key: ${env:KEY}
              secret.key: ${env:SECRET}
            spark.hadoop.fs.s3a.connection.ssl.enabled: false
            """
                .formatted(name, setting("endpoint")));
    Map<String, String> environment = new HashMap<>();
    environment.put("KEY", setting("access.key"));
    environment.put("SECRET", setting("secret.key"));
    environment.putAll(changed);
    return CommandRun.of(new DoctorJob(), environment, "--profile", profile.toString());
  }

  private static String setting(String name) {
    return bucket.settings().get("fs.s3a.bucket." + bucket.name() + "." + name);
  }

  @Test
  void bucketWithoutVersioningIsNamedAndTheLakeCanBeWritten() throws IOException {
    CommandRun run = doctor(bucket.name(), Map.of());
    assertThat(run.out())
        .contains("ok       bucket " + bucket.name() + ": it is there\n")
        .contains("ok       bucket " + bucket.name() + ": region: us-east-1\n")
        .contains(
            "warning  bucket "
                + bucket.name()
                + ": versioning: off: what is deleted by mistake is gone\n"
                + "           fix: turn versioning on; the module lake_bucket of infra/terraform does\n")
        .contains(
            "ok       lake s3a://" + bucket.name() + "/lake: written to, read and cleaned up");
    assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.DONE);
    assertThat(
            bucket.fileSystem().listStatus(new org.apache.hadoop.fs.Path(bucket.uri("lake/ops"))))
        .extracting(FileStatus::getPath)
        .isEmpty();
  }

  @Test
  void wrongRegionIsNamed() throws IOException {
    CommandRun run = doctor(bucket.name(), Map.of("MEDALLION_S3_REGION", "eu-central-1"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains(
            "failed   bucket "
                + bucket.name()
                + ": region: the bucket is in us-east-1, and s3.region says eu-central-1\n"
                + "           fix: set s3.region to us-east-1\n");
  }

  @Test
  void credentialsThatAreNotThereAreNamed() throws IOException {
    Path profile =
        Files.writeString(
            dir.resolve("none.yaml"),
            """
            lake: s3a://%s/lake
            s3: {endpoint: "%s", region: us-east-1, path.style: true}
            spark.hadoop.fs.s3a.aws.credentials.provider: org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider
            """
                .formatted(bucket.name(), setting("endpoint")));
    CommandRun run = CommandRun.of(new DoctorJob(), Map.of(), "--profile", profile.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains("failed   bucket " + bucket.name() + ": no credentials for S3 are at hand\n")
        .contains(
            "ok       warehouse: a run ends with gold: the lake is not on a local disk, and no"
                + " --warehouse-file is\n");
  }

  @Test
  void bucketThatIsNotThereIsNamed() throws IOException {
    CommandRun run = doctor("no-such-bucket", Map.of());
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains("failed   bucket no-such-bucket: there is no such bucket\n")
        .contains("failed   lake s3a://no-such-bucket/lake: it cannot be written: ");
  }

  @Test
  void wrongKeyIsNamedAndNeverPrinted() throws IOException {
    CommandRun run = doctor(bucket.name(), Map.of("SECRET", "wrong-secret"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains("failed   bucket " + bucket.name() + ": S3 refuses these credentials (403)\n")
        .doesNotContain("wrong-secret");
  }
}
