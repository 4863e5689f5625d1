package io.medallion.jobs.streaming;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.medallion.core.LakeException;
import io.medallion.jobs.cli.StopSignal;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.RetriableException;

/** A stream that runs in a thread of its own until it ends, fails, or is stopped. */
public final class StreamThread {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Thread thread;
  private volatile Optional<Throwable> failure = Optional.empty();

  /** What a stream does. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  private StreamThread(String name, Work work) {
    this.thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                failure = Optional.of(e);
              }
            },
            "medallion-" + name);
  }

  public static StreamThread start(String name, Work work) {
    StreamThread stream = new StreamThread(name, work);
    stream.thread.start();
    return stream;
  }

  /** Runs one stream until it ends of itself, or the signal stops it. */
  public static void run(String name, Work work, Work stop, StopSignal signal)
      throws InterruptedException {
    StreamThread stream = start(name, work);
    while (stream.running()) {
      if (signal.await(POLL)) {
        stop(name, stop);
        stream.join();
      }
    }
    stream.rethrow();
  }

  static void stop(String name, Work stop) throws InterruptedException {
    try {
      stop.run();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new LakeException(
          "the stream " + name + " did not stop: " + e.getMessage(),
          "end the process: the next run completes what it left",
          e);
    }
  }

  boolean running() {
    return thread.isAlive();
  }

  public void join() throws InterruptedException {
    thread.join();
  }

  /** Throws what the stream failed with, if it failed. */
  public void rethrow() {
    if (failure.isPresent()) {
      Throwable e = failure.get();
      if (e instanceof RuntimeException runtime) {
        throw runtime;
      } else if (e instanceof Error error) {
        throw error;
      }
      throw new LakeException("a stream broke: " + e.getMessage(), "run the command again", e);
    }
  }

  /** Whether a stream that failed so is worth another start: it goes on where it was. */
  static boolean passing(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DeltaConcurrentModificationException
          || cause instanceof RetriableException) {
        return true;
      }
    }
    return false;
  }
}
