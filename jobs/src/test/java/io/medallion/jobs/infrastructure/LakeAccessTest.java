package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medallion.core.lake.Lake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds the policies of module {@code lake_access} against the lake's layout as the code has it:
 * asks of each role what it may do with each path, by the rules of IAM.
 */
@Tag("slow")
class LakeAccessTest {
  private static final String BUCKET = "acme-lake-111122223333";
  private static final Lake LAKE = new Lake("s3a://" + BUCKET + "/retail/lake");
  private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

  private static final Map<String, String> PATHS =
      Map.ofEntries(
          Map.entry("landed", LAKE.landing("sales_orders", DAY)),
          Map.entry("rejected", LAKE.rejected("sales_orders", DAY)),
          Map.entry("manifest", LAKE.manifest(null).path()),
          Map.entry("silver", LAKE.table(null, Lake.Layer.SILVER, "sales_orders").path()),
          Map.entry("quarantine", LAKE.table(null, Lake.Layer.SILVER, "quarantine").path()),
          Map.entry("gold", LAKE.table(null, Lake.Layer.GOLD, "fact_sales").path()),
          Map.entry("ops", LAKE.table(null, Lake.Layer.OPS, "runs").path()),
          Map.entry("bronze's bookmark", LAKE.checkpoint("bronze", "sales_orders")),
          Map.entry("silver's bookmark", LAKE.checkpoint("silver", "sales_orders")),
          Map.entry("gold's bookmark", LAKE.checkpoint("gold", "sales")),
          Map.entry("warehouse's bookmark", LAKE.checkpoint("warehouse", "sales")));

  @TempDir private static Path scratch;
  private static JsonNode policies;

  @BeforeAll
  static void readThePolicies() throws Exception {
    TerraformCopy.assumeTerraform();
    TerraformCopy copy = TerraformCopy.to(scratch.resolve("terraform"));
    Path root = Files.createDirectories(copy.folder().resolve("policies"));
    Files.writeString(
        root.resolve("main.tf"),
        """
        provider "aws" {
          region = "us-east-1"
        }
        module "lake_access" {
          source           = "../modules/lake_access"
          name             = "acme-lake"
          bucket_arn       = "arn:aws:s3:::%s"
          lake_path        = "retail/lake"
          kms_key_arn      = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
          roles            = ["bronze", "silver", "gold", "warehouse", "run", "operator"]
          trusted_services = ["ec2.amazonaws.com"]
          sources          = [{ bucket = "acme-drop", prefix = "sales/" }]
          snowflake_reader = { iam_user_arn = "arn:aws:iam::999988887777:user/x", external_id = "X" }
        }
        output "policies" {
          value = { for role, policy in module.lake_access.policies : role => jsondecode(policy) }
        }
        """
            .formatted(BUCKET));
    Program.Ended ended =
        Program.run(
            root,
            Map.of(),
            List.of(
                TerraformCopy.STUBS.resolve("bin/tf-offline").toString(),
                "--shared",
                "terraform init -no-color -input=false >init.log && "
                    + "terraform apply -no-color -auto-approve >apply.log && "
                    + "terraform output -json policies >policies.json"));
    assertThat(ended.code()).as(ended.output()).isZero();
    policies = new ObjectMapper().readTree(root.resolve("policies.json").toFile());
  }

  @Test
  void eachRoleWritesWhatItsLayerWritesAndNothingElse() {
    assertThat(rolesThatMay("s3:PutObject"))
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "bronze", "bronze's bookmark, landed, manifest, ops, rejected",
                    "silver", "ops, quarantine, silver, silver's bookmark",
                    "gold", "gold, gold's bookmark, ops",
                    "warehouse", "ops, warehouse's bookmark",
                    "run", everything(),
                    "operator", "",
                    "snowflake", "")));
    assertThat(rolesThatMay("s3:DeleteObject")).isEqualTo(rolesThatMay("s3:PutObject"));
    assertThat(rolesThatMay("s3:DeleteObjectVersion").values()).containsOnly("");
  }

  @Test
  void eachRoleReadsWhatItsLayerReadsAndNothingElse() {
    assertThat(rolesThatMay("s3:GetObject"))
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "bronze", "bronze's bookmark, landed, manifest, ops, rejected",
                    "silver",
                        "landed, manifest, ops, quarantine, rejected, silver, silver's bookmark",
                    "gold", "gold, gold's bookmark, ops, quarantine, silver",
                    "warehouse", "gold, ops, warehouse's bookmark",
                    "run", everything(),
                    "operator", everything(),
                    "snowflake", "gold")));
    assertThat(rolesThatMay("s3:GetObjectVersion")).isEqualTo(rolesThatMay("s3:GetObject"));
  }

  @Test
  void whoReadsAFolderListsIt() {
    for (String role : roles()) {
      for (Map.Entry<String, String> path : PATHS.entrySet()) {
        assertThat(allowed(role, "s3:ListBucket", arn(""), key(path.getValue()) + "/_delta_log/"))
            .as("%s lists %s", role, path.getKey())
            .isEqualTo(allowed(role, "s3:GetObject", arn(key(path.getValue()) + "/part"), ""));
      }
    }
  }

  /** Before it writes, S3A looks whether a folder above is a file: its key, and what is below. */
  @Test
  void whoWritesLooksAtEveryFolderAbove() {
    int looks = 0;
    for (String role : List.of("bronze", "silver", "gold", "warehouse", "run")) {
      for (Map.Entry<String, String> path : PATHS.entrySet()) {
        String key = key(path.getValue());
        if (!allowed(role, "s3:PutObject", arn(key + "/part"), "")) {
          continue;
        }
        for (String above = key; above.contains("/"); ) {
          above = above.substring(0, above.lastIndexOf('/'));
          looks++;
          assertThat(allowed(role, "s3:GetObject", arn(above), ""))
              .as("%s looks at %s", role, above)
              .isTrue();
          assertThat(allowed(role, "s3:ListBucket", arn(""), above + "/"))
              .as("%s lists %s/", role, above)
              .isTrue();
        }
      }
    }
    assertThat(looks).isPositive();
  }

  @Test
  void onlyWhatLandsReadsTheDrop() {
    for (String role : roles()) {
      boolean lands = List.of("bronze", "run").contains(role);
      assertThat(allowed(role, "s3:GetObject", "arn:aws:s3:::acme-drop/sales/2026/orders.csv", ""))
          .as(role)
          .isEqualTo(lands);
      assertThat(allowed(role, "s3:ListBucket", "arn:aws:s3:::acme-drop", "sales/2026/"))
          .as(role)
          .isEqualTo(lands);
      assertThat(allowed(role, "s3:GetObject", "arn:aws:s3:::acme-drop/payroll/a.csv", ""))
          .isFalse();
      assertThat(allowed(role, "s3:ListBucket", "arn:aws:s3:::acme-drop", "payroll/")).isFalse();
      assertThat(allowed(role, "s3:PutObject", "arn:aws:s3:::acme-drop/sales/x", "")).isFalse();
    }
  }

  private static String everything() {
    return PATHS.keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  private static List<String> roles() {
    return policies.properties().stream().map(Map.Entry::getKey).toList();
  }

  /** Of each role, the names of the paths below which it may do something. */
  private static Map<String, String> rolesThatMay(String action) {
    Map<String, String> may = new TreeMap<>();
    for (String role : roles()) {
      may.put(
          role,
          PATHS.entrySet().stream()
              .filter(path -> allowed(role, action, arn(key(path.getValue()) + "/part-0"), ""))
              .map(Map.Entry::getKey)
              .sorted()
              .collect(Collectors.joining(", ")));
    }
    return may;
  }

  private static String key(String path) {
    return path.substring(("s3a://" + BUCKET + "/").length());
  }

  private static String arn(String key) {
    return "arn:aws:s3:::" + BUCKET + (key.isEmpty() ? "" : "/" + key);
  }

  /** IAM's answer: denied unless a statement allows it. */
  private static boolean allowed(String role, String action, String resource, String prefix) {
    return elements(policies.get(role).get("Statement"))
        .anyMatch(
            statement ->
                matches(statement.get("Action"), action)
                    && matches(statement.get("Resource"), resource)
                    && (!statement.has("Condition")
                        || matches(
                            statement.get("Condition").get("StringLike").get("s3:prefix"),
                            prefix)));
  }

  private static boolean matches(JsonNode patterns, String value) {
    return elements(patterns)
        .anyMatch(
            pattern ->
                Pattern.matches(
                    Stream.of(pattern.asText().split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")),
                    value));
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
