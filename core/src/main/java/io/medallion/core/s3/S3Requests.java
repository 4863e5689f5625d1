package io.medallion.core.s3;

import com.amazonaws.handlers.HandlerBeforeAttemptContext;
import com.amazonaws.handlers.RequestHandler2;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts the requests that this JVM sends to S3, by kind, repeated ones each time: S3 charges for
 * each.
 *
 * <p>On a cluster {@link S3RequestPlugin} adds what executors sent.
 */
public final class S3Requests extends RequestHandler2 {
  private static final AtomicLongArray SENT = new AtomicLongArray(S3Request.values().length);

  private static final AtomicReference<Counts> BOOKED = new AtomicReference<>(sent());

  @Override
  public void beforeAttempt(HandlerBeforeAttemptContext context) {
    add(S3Request.of(context.getRequest().getOriginalRequest()), 1);
  }

  static void add(S3Request kind, long number) {
    SENT.addAndGet(kind.ordinal(), number);
  }

  /** What was sent since this JVM started. */
  public static Counts sent() {
    Map<S3Request, Long> counts = new EnumMap<>(S3Request.class);
    for (S3Request kind : S3Request.values()) {
      counts.put(kind, SENT.get(kind.ordinal()));
    }
    return new Counts(counts);
  }

  /** What was sent since the last call of this method, or since this JVM started. */
  public static Counts toBook() {
    Counts now = sent();
    return now.since(BOOKED.getAndSet(now));
  }

  /**
   * Numbers of requests.
   *
   * @param byKind every kind, those without a request too
   */
  public record Counts(Map<S3Request, Long> byKind) {
    public Counts {
      byKind = Collections.unmodifiableMap(new EnumMap<>(byKind));
    }

    /** What came after {@code earlier}. */
    public Counts since(Counts earlier) {
      Map<S3Request, Long> counts = new EnumMap<>(S3Request.class);
      byKind.forEach((kind, number) -> counts.put(kind, number - earlier.byKind().get(kind)));
      return new Counts(counts);
    }

    /** All kinds together. */
    public long total() {
      return byKind.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Kinds that occur, under their names in the ledger. */
    public Map<String, Long> labelled() {
      Map<String, Long> labelled = new TreeMap<>();
      byKind.forEach(
          (kind, number) -> {
            if (number != 0) {
              labelled.put(kind.label(), number);
            }
          });
      return labelled;
    }
  }
}
