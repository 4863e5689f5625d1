package io.medallion.testkit.snowflake;

import java.util.HashMap;
import java.util.Map;

/**
 * Who changes which table: as in Snowflake, UPDATE, DELETE and MERGE hold a table until their
 * transaction ends, and others wait.
 */
final class Locks {
  private static final long WAIT_MILLIS = 60_000;

  private final Map<String, Object> holders = new HashMap<>();

  synchronized void take(String table, Object holder) throws SnowflakeError {
    long end = System.currentTimeMillis() + WAIT_MILLIS;
    while (holders.containsKey(table) && holders.get(table) != holder) {
      long left = end - System.currentTimeMillis();
      if (left <= 0) {
        throw new SnowflakeError(
            625,
            "57014",
            "Statement has locked table '" + table + "' in another transaction; lock timed out.");
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SnowflakeError(604, "57014", "SQL execution canceled");
      }
    }
    holders.put(table, holder);
  }

  synchronized void release(Object holder) {
    holders.values().removeIf(h -> h == holder);
    notifyAll();
  }
}
