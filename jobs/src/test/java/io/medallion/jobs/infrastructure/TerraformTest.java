package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Terraform's own verdict on {@code infra/terraform}, and on copies with a mistake in them. */
@Tag("slow")
class TerraformTest {
  @TempDir private Path scratch;

  @Test
  void formatValidationTestsAndPlansHold() throws Exception {
    TerraformCopy.assumeTerraform();
    Program.Ended ended = TerraformCopy.to(scratch.resolve("terraform")).check();
    assertThat(ended.output())
        .matches("terraform: \\d+ steps passed, 0 failed, in " + folders() + " folders\n");
    assertThat(ended.code()).isZero();
  }

  @Test
  void whatIsNotCheckedIsSaidToBeSkippedAndNotToHavePassed() throws Exception {
    TerraformCopy copy = TerraformCopy.to(scratch.resolve("terraform"));
    Program.Ended ended =
        Program.run(
            copy.folder(),
            Map.of("TERRAFORM_STUBS", scratch.resolve("absent").toString()),
            List.of("./check"));
    assertThat(ended.code()).isZero();
    assertThat(ended.output())
        .startsWith("terraform: SKIPPED, nothing was checked: there ")
        .doesNotContain("passed");
  }

  /** Modules, examples and environments: what has its own main.tf. */
  private static long folders() throws IOException {
    try (Stream<Path> files = Files.walk(Compose.ROOT.resolve("infra/terraform"))) {
      return files.filter(file -> file.endsWith("main.tf")).count();
    }
  }

  static Stream<Planted> plantedMistakes() {
    return Stream.of(
        new Planted(
            "misspelt attribute",
            "snowflake",
            "auto_suspend                 =",
            "auto_suspnd                  =",
            "An argument named \"auto_suspnd\" is not expected here"),
        new Planted(
            "missing attribute",
            "lake_bucket",
            "  target_prefix = \"s3/\"\n",
            "",
            "The argument \"target_prefix\" is required"),
        new Planted(
            "missing block",
            "lake_bucket",
            "  rule {\n    object_ownership = \"BucketOwnerEnforced\"\n  }\n",
            "",
            "Insufficient rule blocks"),
        new Planted(
            "wrong type",
            "snowflake",
            "= var.auto_suspend_seconds",
            "= \"soon\"",
            "a number is required"),
        new Planted(
            "unknown reference",
            "lake_access",
            "= aws_iam_role.this[each.key].name",
            "= aws_iam_role.that[each.key].name",
            "has not been declared in the root module"),
        new Planted(
            "badly laid out",
            "kafka",
            "from_port       = 9098",
            "from_port = 9098",
            "modules/kafka: format"),
        new Planted(
            "public bucket",
            "lake_bucket",
            "restrict_public_buckets = true",
            "restrict_public_buckets = false",
            "every switch of the public-access block must be on"),
        new Planted(
            "bucket that everybody may fill",
            "lake_bucket",
            "Sid       = \"OnlyKms\"\n        Effect    = \"Deny\"",
            "Sid       = \"OnlyKms\"\n        Effect    = \"Allow\"",
            "an upload that asks for another encryption must be refused"),
        new Planted(
            "TLS not asked for",
            "lake_bucket",
            "\"aws:SecureTransport\" = \"false\"",
            "\"aws:SecureTransport\" = \"true\"",
            "both bucket policies must refuse requests without TLS"),
        new Planted(
            "no KMS",
            "lake_bucket",
            "sse_algorithm     = \"aws:kms\"",
            "sse_algorithm     = \"AES256\"",
            "both buckets must be encrypted by KMS with the lake's key"),
        new Planted(
            "wildcard action",
            "lake_access",
            "Action   = [\"s3:GetObject\", \"s3:GetObjectVersion\"]\n          Resource = concat",
            "Action   = [\"s3:Get*\"]\n          Resource = concat",
            "every policy must name its actions"),
        new Planted(
            "wildcard resource",
            "lake_access",
            "Resource = [var.kms_key_arn]",
            "Resource = [\"*\"]",
            "a key must be named by its ARN"),
        new Planted(
            "wildcard principal",
            "lake_access",
            "Principal = { AWS = sort(var.trusted_arns) }",
            "Principal = { AWS = [\"*\"] }",
            "every role must name who takes it on"),
        new Planted(
            "layer that writes another",
            "lake_access",
            "writes = [\"silver\", \"_checkpoints/silver\", \"ops\"]",
            "writes = [\"silver\", \"gold\", \"_checkpoints/silver\", \"ops\"]",
            "a role writes another layer's folder, or not its own"),
        new Planted(
            "analyst who writes",
            "snowflake",
            "may = [\"SELECT\"], on = { FUTURE_TABLES",
            "may = [\"SELECT\", \"INSERT\"], on = { FUTURE_TABLES",
            "the analyst must have USAGE and SELECT, and nothing besides"),
        new Planted(
            "loader who owns",
            "snowflake",
            "loader_database  = { role = \"LOADER\", may = [\"USAGE\"]",
            "loader_database  = { role = \"LOADER\", may = [\"OWNERSHIP\"]",
            "the loader must be able to use and create, and nothing besides"));
  }

  @ParameterizedTest
  @MethodSource("plantedMistakes")
  void aPlantedMistakeIsCaught(Planted planted) throws Exception {
    TerraformCopy.assumeTerraform();
    TerraformCopy copy = TerraformCopy.to(scratch.resolve("terraform"));
    String folder = "modules/" + planted.module();
    copy.replace(folder + "/main.tf", planted.text(), planted.other());
    Program.Ended ended = copy.check(folder);
    assertThat(ended.output().replaceAll("\\s+", " "))
        .contains("terraform: FAILED " + folder, planted.message());
    assertThat(ended.code()).isEqualTo(1);
  }

  /**
   * A mistake in a module's main.tf.
   *
   * @param text what stands there once
   * @param other what is put there instead
   * @param message what the check must say
   */
  private record Planted(String name, String module, String text, String other, String message) {
    @Override
    public String toString() {
      return name + " in " + module;
    }
  }
}
