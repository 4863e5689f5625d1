package io.medallion.warehouse.snowflake;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Tries again what failed for a reason that passes: a lost connection or session, an internal
 * error.
 *
 * @param attempts in all, 1 or more
 * @param first the pause after the first failure; each later one is four times as long
 */
record Retry(int attempts, Duration first) {
  static final Retry STANDARD = new Retry(4, Duration.ofSeconds(1));

  /**
   * Internal error, its execution form, lock timeout, session gone, session token expired; the
   * driver's own for a connection that broke.
   */
  private static final Set<Integer> PASSING = Set.of(603, 604, 625, 390111, 390112, 390114, 200015);

  private static final Pattern WITHOUT_CODE =
      Pattern.compile("(?i)internal error|session (?:no longer exists|has expired)");

  <T> T run(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (RuntimeException e) {
        if (attempt >= attempts || !passes(e)) {
          throw e;
        }
        pause(first.multipliedBy(1L << 2 * (attempt - 1)), e);
      }
    }
  }

  private static boolean passes(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException e) {
        boolean connection = e.getSQLState() != null && e.getSQLState().startsWith("08");
        // A login that was refused is refused again.
        boolean login = e.getErrorCode() / 1000 == 390 && !PASSING.contains(e.getErrorCode());
        if (PASSING.contains(e.getErrorCode()) || connection && !login || isPassing(e)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The connector reports a statement that it did not wait for without its code. */
  private static boolean isPassing(SQLException e) {
    return e.getErrorCode() == 0
        && e.getMessage() != null
        && WITHOUT_CODE.matcher(e.getMessage()).find();
  }

  private static void pause(Duration time, RuntimeException failure) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure.addSuppressed(e);
      throw failure;
    }
  }
}
