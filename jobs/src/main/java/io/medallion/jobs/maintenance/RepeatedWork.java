package io.medallion.jobs.maintenance;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Work that is done again and again on a thread of its own, with a pause after each time. */
public final class RepeatedWork implements AutoCloseable {
  private final Duration patience;
  private final ScheduledExecutorService timer;

  /**
   * Begins after a first pause.
   *
   * @param work what it throws ends the repetition
   * @param patience how long {@link #close()} waits for work that is being done
   */
  public RepeatedWork(String thread, Runnable work, Duration pause, Duration patience) {
    this.patience = patience;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            run -> {
              Thread daemon = new Thread(run, thread);
              daemon.setDaemon(true);
              return daemon;
            });
    timer.scheduleWithFixedDelay(work, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
