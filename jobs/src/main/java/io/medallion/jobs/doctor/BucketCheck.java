package io.medallion.jobs.doctor;

import io.medallion.core.LakeException;
import io.medallion.core.s3.BucketControl;
import io.medallion.jobs.config.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The lake's bucket and its settings, where the lake is on S3. */
final class BucketCheck implements HealthChecks.Check {
  /** How the message of S3A begins, whichever providers of credentials it tried. */
  private static final String NO_CREDENTIALS = "no aws credentials";

  private static final String MAKE = "make it with the module lake_bucket of infra/terraform";

  @Override
  public String name() {
    return "bucket";
  }

  @Override
  public List<HealthResult> results(HealthChecks healthChecks) throws IOException {
    if (!healthChecks.onS3()) {
      return List.of();
    }
    BucketControl bucket = BucketControl.of(healthChecks.lake().root(), healthChecks.hadoop());
    Optional<String> region = healthChecks.installation().value(Settings.S3_REGION);
    String name = "bucket " + bucket.bucket();
    try {
      Optional<HealthResult> unusable = unusable(name, bucket.presence());
      if (unusable.isPresent()) {
        return List.of(unusable.get());
      }
    } catch (LakeException e) {
      if (e.getMessage().toLowerCase(Locale.ROOT).contains(NO_CREDENTIALS)) {
        return List.of(
            new HealthResult.Failed(
                name,
                "no credentials for S3 are at hand",
                "give the machine a role, or set AWS_PROFILE, or s3.access.key and s3.secret.key"));
      }
      return List.of(
          new HealthResult.Failed(
              name,
              HealthResult.problem(e),
              "check s3.endpoint and s3.region"
                  + region.map(r -> " (it is " + r + ")").orElse("")
                  + ": "
                  + HealthResult.fix(e)));
    }
    List<HealthResult> found = new ArrayList<>();
    found.add(new HealthResult.Ok(name, "it is there"));
    found.add(told(name + ": region", () -> region(name + ": region", bucket.region(), region)));
    found.add(
        told(name + ": versioning", () -> versioning(name + ": versioning", bucket.versioning())));
    found.add(
        told(name + ": encryption", () -> encryption(name + ": encryption", bucket.encryption())));
    found.add(
        told(
            name + ": public access",
            () -> publicAccess(name + ": public access", bucket.publicAccessBlock())));
    return found;
  }

  private static Optional<HealthResult> unusable(String name, BucketControl.Presence presence) {
    return switch (presence) {
      case PRESENT -> Optional.empty();
      case ABSENT ->
          Optional.of(
              new HealthResult.Failed(
                  name, "there is no such bucket", MAKE + ", or correct --lake"));
      case FORBIDDEN ->
          Optional.of(
              new HealthResult.Failed(
                  name,
                  "S3 refuses these credentials (403)",
                  "check the key and its secret, and that they may do s3:ListBucket; a role is"
                      + " better"));
    };
  }

  static HealthResult region(String name, String actual, Optional<String> configured) {
    if (configured.isEmpty() || configured.get().equals(actual)) {
      return new HealthResult.Ok(name, actual);
    }
    return new HealthResult.Failed(
        name,
        "the bucket is in " + actual + ", and s3.region says " + configured.get(),
        "set s3.region to " + actual);
  }

  static HealthResult versioning(String name, BucketControl.Versioning versioning) {
    return versioning == BucketControl.Versioning.ENABLED
        ? new HealthResult.Ok(name, "on")
        : new HealthResult.Warning(
            name,
            versioning == BucketControl.Versioning.OFF
                ? "off: what is deleted by mistake is gone"
                : "suspended: what is deleted by mistake is gone",
            "turn versioning on; the module lake_bucket of infra/terraform does");
  }

  static HealthResult encryption(String name, Optional<BucketControl.Encryption> encryption) {
    return encryption
        .<HealthResult>map(
            e -> new HealthResult.Ok(name, e.algorithm() + e.kmsKey().map(k -> " " + k).orElse("")))
        .orElseGet(
            () ->
                new HealthResult.Warning(
                    name, "the bucket does not encrypt by itself", "set its default encryption"));
  }

  static HealthResult publicAccess(String name, BucketControl.PublicAccessBlock block) {
    return block.complete()
        ? new HealthResult.Ok(name, "blocked")
        : new HealthResult.Warning(
            name,
            "the bucket itself does not block all of it; the account may",
            "set all four blocks of public access on the bucket");
  }

  /** A question that the store does not answer is only a warning: no run fails for it. */
  private static HealthResult told(String name, Supplier<HealthResult> question) {
    try {
      return question.get();
    } catch (LakeException e) {
      return new HealthResult.Warning(name, HealthResult.problem(e), HealthResult.fix(e));
    }
  }
}
