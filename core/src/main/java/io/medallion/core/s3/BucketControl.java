package io.medallion.core.s3;

import com.amazonaws.AmazonClientException;
import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.BucketLifecycleConfiguration;
import com.amazonaws.services.s3.model.BucketTaggingConfiguration;
import com.amazonaws.services.s3.model.GetBucketEncryptionResult;
import com.amazonaws.services.s3.model.GetPublicAccessBlockRequest;
import com.amazonaws.services.s3.model.HeadBucketRequest;
import com.amazonaws.services.s3.model.PublicAccessBlockConfiguration;
import com.amazonaws.services.s3.model.ServerSideEncryptionByDefault;
import io.medallion.core.LakeException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Asks S3 about a bucket: whether it is there, and how it is set. Changes nothing.
 *
 * <p>It asks as S3A does, with the same endpoint and the same credentials. Whatever these may not
 * ask, or the store does not know, is a {@link LakeException} that says so.
 */
public final class BucketControl {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final Set<Integer> UNKNOWN_TO_THE_STORE = Set.of(400, 405, 501);

  private final String bucket;
  private final AmazonS3 client;

  private BucketControl(String bucket, AmazonS3 client) {
    this.bucket = bucket;
    this.client = client;
  }

  /** Whether a bucket can be used. */
  public enum Presence {
    PRESENT,
    ABSENT,
    /** It exists, but these credentials may not look at it: another account's, often. */
    FORBIDDEN
  }

  /** Whether replaced and deleted objects are kept. */
  public enum Versioning {
    OFF,
    ENABLED,
    SUSPENDED
  }

  /**
   * How the bucket encrypts what is written to it.
   *
   * @param algorithm {@code AES256} or {@code aws:kms}
   * @param kmsKey absent where AWS manages the key
   */
  public record Encryption(String algorithm, Optional<String> kmsKey) {}

  /** What of public access is blocked. */
  public record PublicAccessBlock(
      boolean publicAcls,
      boolean publicAclsIgnored,
      boolean publicPolicy,
      boolean publicBucketsRestricted) {

    /** Nothing is blocked: so it is where no setting was made. */
    static final PublicAccessBlock NONE = new PublicAccessBlock(false, false, false, false);

    /** Whether nothing of the bucket can become public. */
    public boolean complete() {
      return publicAcls && publicAclsIgnored && publicPolicy && publicBucketsRestricted;
    }
  }

  /**
   * What happens to objects as they grow old.
   *
   * @param prefix of the objects it applies to; blank for all, or where it chooses by tags
   * @param transitions days by storage class
   * @param expirationDays absent where they are kept
   * @param abortMultipartDays after which an unfinished upload is removed
   */
  public record LifecycleRule(
      String id,
      boolean enabled,
      String prefix,
      Map<String, Integer> transitions,
      OptionalInt expirationDays,
      OptionalInt abortMultipartDays) {
    public LifecycleRule {
      transitions = Map.copyOf(transitions);
    }
  }

  /**
   * The bucket of an {@code s3a://} path.
   *
   * @throws IOException where S3A cannot be set up for it
   */
  public static BucketControl of(String path, Configuration hadoop) throws IOException {
    S3Location location = S3Location.of(new Path(path), hadoop);
    return new BucketControl(location.bucket(), location.client());
  }

  public String bucket() {
    return bucket;
  }

  /** Whether the bucket can be used. */
  public Presence presence() {
    try {
      client.headBucket(new HeadBucketRequest(bucket));
      return Presence.PRESENT;
    } catch (AmazonServiceException e) {
      return switch (e.getStatusCode()) {
        case NOT_FOUND -> Presence.ABSENT;
        case FORBIDDEN -> Presence.FORBIDDEN;
        // Another region's: it is there.
        case 301 -> Presence.PRESENT;
        default -> throw failed("s3:ListBucket", e);
      };
    } catch (AmazonClientException e) {
      throw failed("s3:ListBucket", e);
    }
  }

  /** The region the bucket is in, as {@code eu-central-1}. */
  public String region() {
    String location = ask("s3:GetBucketLocation", () -> client.getBucketLocation(bucket));
    // The oldest region's name is blank, and an old one's of Europe is EU.
    return switch (location) {
      case "", "US" -> "us-east-1";
      case "EU" -> "eu-west-1";
      default -> location;
    };
  }

  /** How the bucket encrypts by itself; empty where it does not. */
  public Optional<Encryption> encryption() {
    return found(
            "s3:GetEncryptionConfiguration",
            "ServerSideEncryptionConfigurationNotFoundError",
            () -> client.getBucketEncryption(bucket))
        .map(GetBucketEncryptionResult::getServerSideEncryptionConfiguration)
        .flatMap(configuration -> configuration.getRules().stream().findFirst())
        .map(rule -> rule.getApplyServerSideEncryptionByDefault())
        .map(BucketControl::encryption);
  }

  private static Encryption encryption(ServerSideEncryptionByDefault rule) {
    return new Encryption(rule.getSSEAlgorithm(), Optional.ofNullable(rule.getKMSMasterKeyID()));
  }

  /** Whether replaced and deleted objects are kept. */
  public Versioning versioning() {
    String status =
        ask("s3:GetBucketVersioning", () -> client.getBucketVersioningConfiguration(bucket))
            .getStatus();
    return switch (status == null ? "Off" : status) {
      case "Enabled" -> Versioning.ENABLED;
      case "Suspended" -> Versioning.SUSPENDED;
      default -> Versioning.OFF;
    };
  }

  /** What of public access the bucket blocks; the account may block more. */
  public PublicAccessBlock publicAccessBlock() {
    return found(
            "s3:GetBucketPublicAccessBlock",
            "NoSuchPublicAccessBlockConfiguration",
            () ->
                client
                    .getPublicAccessBlock(new GetPublicAccessBlockRequest().withBucketName(bucket))
                    .getPublicAccessBlockConfiguration())
        .map(BucketControl::publicAccessBlock)
        .orElse(PublicAccessBlock.NONE);
  }

  private static PublicAccessBlock publicAccessBlock(PublicAccessBlockConfiguration block) {
    return new PublicAccessBlock(
        Boolean.TRUE.equals(block.getBlockPublicAcls()),
        Boolean.TRUE.equals(block.getIgnorePublicAcls()),
        Boolean.TRUE.equals(block.getBlockPublicPolicy()),
        Boolean.TRUE.equals(block.getRestrictPublicBuckets()));
  }

  /** What happens to objects as they grow old; empty where they are kept as they are. */
  public List<LifecycleRule> lifecycle() {
    return found(
            "s3:GetLifecycleConfiguration",
            "NoSuchLifecycleConfiguration",
            () -> client.getBucketLifecycleConfiguration(bucket))
        .map(BucketLifecycleConfiguration::getRules)
        .map(rules -> rules.stream().map(BucketControl::rule).toList())
        .orElse(List.of());
  }

  @SuppressWarnings("deprecation") // an old rule has its prefix outside of its filter
  private static LifecycleRule rule(BucketLifecycleConfiguration.Rule rule) {
    Map<String, Integer> transitions = new TreeMap<>();
    if (rule.getTransitions() != null) {
      rule.getTransitions().forEach(t -> transitions.put(t.getStorageClassAsString(), t.getDays()));
    }
    String prefix = rule.getPrefix();
    if (rule.getFilter() != null
        && rule.getFilter().getPredicate()
            instanceof com.amazonaws.services.s3.model.lifecycle.LifecyclePrefixPredicate of) {
      prefix = of.getPrefix();
    }
    return new LifecycleRule(
        Optional.ofNullable(rule.getId()).orElse(""),
        BucketLifecycleConfiguration.ENABLED.equals(rule.getStatus()),
        prefix == null ? "" : prefix,
        transitions,
        rule.getExpirationInDays() > 0
            ? OptionalInt.of(rule.getExpirationInDays())
            : OptionalInt.empty(),
        rule.getAbortIncompleteMultipartUpload() == null
            ? OptionalInt.empty()
            : OptionalInt.of(rule.getAbortIncompleteMultipartUpload().getDaysAfterInitiation()));
  }

  /** The bucket's tags. */
  public Map<String, String> tags() {
    return found(
            "s3:GetBucketTagging",
            "NoSuchTagSet",
            () -> client.getBucketTaggingConfiguration(bucket))
        .map(BucketTaggingConfiguration::getTagSet)
        .map(tags -> Map.copyOf(tags.getAllTags()))
        .orElse(Map.of());
  }

  /** What S3 has, or nothing where it answers that no such setting was made. */
  private <T> Optional<T> found(String action, String absentCode, Supplier<T> question) {
    try {
      return Optional.ofNullable(question.get());
    } catch (AmazonServiceException e) {
      if (e.getStatusCode() == NOT_FOUND && absentCode.equals(e.getErrorCode())) {
        return Optional.empty();
      }
      throw failed(action, e);
    } catch (AmazonClientException e) {
      throw failed(action, e);
    }
  }

  private <T> T ask(String action, Supplier<T> question) {
    try {
      return question.get();
    } catch (AmazonClientException e) {
      throw failed(action, e);
    }
  }

  private LakeException failed(String action, AmazonClientException e) {
    String problem = "bucket " + bucket + " cannot be asked for " + action + ": ";
    if (!(e instanceof AmazonServiceException answer)) {
      return new LakeException(
          problem + e.getMessage(), "check the endpoint (fs.s3a.endpoint) and the network", e);
    }
    String code = answer.getErrorCode() + " (" + answer.getStatusCode() + ")";
    if (answer.getStatusCode() == FORBIDDEN) {
      return new LakeException(
          problem + code, "let the role of this job do " + action + " on the bucket", e);
    }
    if (UNKNOWN_TO_THE_STORE.contains(answer.getStatusCode())) {
      return new LakeException(
          problem + "the store answers " + code, "look at the setting in the store itself", e);
    }
    return new LakeException(problem + code, "see S3's error " + answer.getErrorCode(), e);
  }
}
