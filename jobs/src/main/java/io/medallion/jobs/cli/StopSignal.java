package io.medallion.jobs.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Records that the process received SIGTERM or SIGINT. The JVM's own handling of these, which would
 * stop Spark in the middle of a batch, is replaced. A second signal ends the process at once.
 */
public final class StopSignal implements AutoCloseable {
  private static final int KILLED = 130;

  private final CountDownLatch asked = new CountDownLatch(1);
  private SignalHandler beforeTerm;
  private SignalHandler beforeInt;

  private StopSignal() {}

  /** One that only {@link #raise} raises. */
  public static StopSignal manual() {
    return new StopSignal();
  }

  public static StopSignal listen() {
    StopSignal signal = new StopSignal();
    SignalHandler handler =
        received -> {
          if (signal.raised()) {
            Runtime.getRuntime().halt(KILLED);
          }
          signal.raise();
        };
    signal.beforeTerm = Signal.handle(new Signal("TERM"), handler);
    signal.beforeInt = Signal.handle(new Signal("INT"), handler);
    return signal;
  }

  public void raise() {
    asked.countDown();
  }

  public boolean raised() {
    return asked.getCount() == 0;
  }

  /** Waits for it; returns whether it came. */
  public boolean await(Duration patience) throws InterruptedException {
    return asked.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    if (beforeTerm != null) {
      Signal.handle(new Signal("TERM"), beforeTerm);
      Signal.handle(new Signal("INT"), beforeInt);
    }
  }
}
