package io.medallion.testkit.snowflake;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Locks on tables: as in Snowflake, UPDATE, DELETE and MERGE lock a table until their transaction
 * ends, and others wait. A transaction whose client is gone is rolled back when somebody has waited
 * for it for a while.
 */
final class Locks {
  private static final long WAIT_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 100;

  private final Map<String, Session> holders = new HashMap<>();
  private volatile Duration patience = Duration.ofMinutes(5);

  void patience(Duration time) {
    patience = time;
  }

  void take(String table, Session taker) throws SnowflakeError, SQLException {
    long end = System.currentTimeMillis() + WAIT_MILLIS;
    for (Session holder = tryTake(table, taker); holder != taker; holder = tryTake(table, taker)) {
      if (System.currentTimeMillis() >= end) {
        throw new SnowflakeError(
            625,
            "57014",
            "Statement has locked table '" + table + "' in another transaction; lock timed out.");
      }
      if (holder.isIdleFor(patience)) {
        holder.abandon();
      }
    }
  }

  /** Returns who has the table, the taker himself where it was free, after a short wait. */
  private synchronized Session tryTake(String table, Session taker) throws SnowflakeError {
    if (holders.getOrDefault(table, taker) != taker) {
      try {
        wait(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SnowflakeError(604, "57014", "SQL execution canceled");
      }
    }
    return holders.computeIfAbsent(table, free -> taker);
  }

  synchronized void release(Session holder) {
    holders.values().removeIf(h -> h == holder);
    notifyAll();
  }
}
