package io.medallion.core.s3;

import com.amazonaws.AmazonClientException;
import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.PutObjectRequest;
import com.amazonaws.services.s3.model.SSEAwsKeyManagementParams;
import com.amazonaws.services.s3.model.SSECustomerKey;
import io.medallion.core.LakeException;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.s3a.S3AUtils;

/**
 * Writes an object only where there is none, by S3's own condition {@code If-None-Match: *}.
 *
 * <p>An answer that was lost leaves open whether the object was written. Then the object itself is
 * asked: if it holds what was to be written, it was.
 */
final class ConditionalPut {
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int ATTEMPTS = 6;
  private static final long FIRST_PAUSE_MILLIS = 100;

  /** Lies beside a commit, where whoever may commit may write; Delta overlooks it. */
  private static final String PROBE = ".conditional-put-probe";

  private static final byte[] PROBE_CONTENT =
      "Written to learn whether the store honours conditional writes.\n"
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private static final Set<String> PROVEN = ConcurrentHashMap.newKeySet();

  private ConditionalPut() {}

  /**
   * Writes the object unless it exists.
   *
   * @return whether the object is there and holds this content because of this call
   * @throws IOException where the outcome is unknown or the write failed
   * @throws LakeException where the store ignores the condition
   */
  static boolean create(S3Location location, byte[] content) throws IOException {
    prove(location);
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      AmazonClientException failure;
      try {
        put(location, content);
        return true;
      } catch (AmazonClientException e) {
        failure = e;
      }
      if (refused(failure)) {
        throw translated(location, failure);
      }
      // The condition failed, perhaps against an earlier try of ours, or nobody answered.
      Optional<byte[]> there = content(location);
      if (there.isPresent()) {
        return Arrays.equals(there.get(), content);
      }
      if (attempt == ATTEMPTS) {
        throw translated(location, failure);
      }
      sleep(pause);
      pause *= 2;
    }
  }

  /** Writes the object, whatever is there. */
  static void replace(S3Location location, byte[] content) throws IOException {
    try {
      location.client().putObject(request(location, content));
    } catch (AmazonClientException e) {
      throw translated(location, e);
    }
  }

  /**
   * Learns, once per bucket and process, whether the store honours the condition: an object that is
   * there must not be written again.
   */
  private static void prove(S3Location location) throws IOException {
    String store = location.endpoint();
    if (PROVEN.contains(store)) {
      return;
    }
    S3Location probe = location.sibling(PROBE);
    try {
      put(probe, PROBE_CONTENT);
      put(probe, PROBE_CONTENT);
    } catch (AmazonServiceException e) {
      switch (e.getStatusCode()) {
        case PRECONDITION_FAILED, CONFLICT -> {
          PROVEN.add(store);
          return;
        }
        case NOT_IMPLEMENTED -> throw notHonoured(store, "does not know", e);
        default -> throw translated(probe, e);
      }
    } catch (AmazonClientException e) {
      throw translated(probe, e);
    }
    throw notHonoured(store, "ignores", null);
  }

  private static LakeException notHonoured(String store, String how, Exception cause) {
    return new LakeException(
        store
            + " "
            + how
            + " the condition of a write (If-None-Match: *): of two jobs that commit to a table at"
            + " once, one would lose its commit",
        "keep the lake in a store that honours it, as Amazon S3 does; or, where never more than one"
            + " job writes, run with --conf"
            + " spark.delta.logStore.s3a.impl=io.delta.storage.S3SingleDriverLogStore",
        cause);
  }

  private static void put(S3Location location, byte[] content) throws IOException {
    PutObjectRequest request = request(location, content);
    request.putCustomRequestHeader("If-None-Match", "*");
    location.client().putObject(request);
  }

  /** Encrypted as the settings of S3A have it; S3A's own way of saying so changes by release. */
  private static PutObjectRequest request(S3Location location, byte[] content) throws IOException {
    ObjectMetadata metadata = new ObjectMetadata();
    metadata.setContentLength(content.length);
    PutObjectRequest request =
        new PutObjectRequest(
            location.bucket(), location.key(), new ByteArrayInputStream(content), metadata);
    Configuration hadoop = location.fileSystem().getConf();
    String key = S3AUtils.getS3EncryptionKey(location.bucket(), hadoop);
    switch (S3AUtils.getEncryptionAlgorithm(location.bucket(), hadoop)) {
      case SSE_S3 -> metadata.setSSEAlgorithm(ObjectMetadata.AES_256_SERVER_SIDE_ENCRYPTION);
      case SSE_KMS ->
          request.setSSEAwsKeyManagementParams(
              key.isBlank() ? new SSEAwsKeyManagementParams() : new SSEAwsKeyManagementParams(key));
      case SSE_C -> request.setSSECustomerKey(new SSECustomerKey(key));
      default -> {
        // The bucket's own encryption, or the client's.
      }
    }
    request.getRequestClientOptions().setReadLimit(content.length + 1);
    return request;
  }

  /** Whether the store said no for good: asking again, or looking, helps nobody. */
  private static boolean refused(AmazonClientException failure) {
    return failure instanceof AmazonServiceException answer
        && answer.getStatusCode() >= 400
        && answer.getStatusCode() < 500
        && answer.getStatusCode() != CONFLICT
        && answer.getStatusCode() != PRECONDITION_FAILED;
  }

  private static Optional<byte[]> content(S3Location location) throws IOException {
    try (InputStream in = location.fileSystem().open(location.path())) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static IOException translated(S3Location location, AmazonClientException e) {
    return S3AUtils.translateException("conditional put", location.path(), e);
  }

  private static void sleep(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted between two conditional puts");
    }
  }
}
