package io.medallion.bronze;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A clock that stands still and does something when it is asked for the n-th time: so things happen
 * in the middle of a landing, and always at the same place.
 *
 * <p>A landing asks once as it starts, and then once whenever it begins to read a file.
 */
public final class HookedClock extends Clock {
  static final int FIRST_READING = 2;
  static final int SECOND_READING = 3;

  private final Instant now;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, Runnable> hooks = new HashMap<>();

  public HookedClock(Instant now) {
    this.now = now;
  }

  public HookedClock on(int call, Runnable hook) {
    hooks.put(call, hook);
    return this;
  }

  @Override
  public Instant instant() {
    hooks.getOrDefault(calls.incrementAndGet(), () -> {}).run();
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
