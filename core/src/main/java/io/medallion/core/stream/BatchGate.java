package io.medallion.core.stream;

import java.time.Duration;

/**
 * Lets a stream's batches through, one at a time, until it is closed: then the running batch ends
 * and none begins, so that the stream can be stopped between two batches.
 */
public final class BatchGate {
  private boolean closed;
  private boolean occupied;

  /**
   * Begins a batch. Does not return once the gate is closed: Spark takes a batch that returns as
   * done.
   *
   * @throws InterruptedException where the stream is stopped while it waits
   */
  public synchronized void enter() throws InterruptedException {
    while (closed) {
      wait();
    }
    occupied = true;
  }

  /** Ends the batch. */
  public synchronized void leave() {
    occupied = false;
    notifyAll();
  }

  /**
   * Closes the gate, and waits for the running batch.
   *
   * @return whether that batch ended within {@code patience}
   * @throws InterruptedException where the caller is interrupted while it waits
   */
  public synchronized boolean close(Duration patience) throws InterruptedException {
    closed = true;
    long deadline = System.nanoTime() + patience.toNanos();
    while (occupied) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
