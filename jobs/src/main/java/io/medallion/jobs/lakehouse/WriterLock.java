package io.medallion.jobs.lakehouse;

import io.medallion.core.LakeException;
import io.medallion.jobs.cli.StopSignal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One writer at a time for a table of silver and for a star: a file job and a stream may work on
 * one lake, and whichever holds the lock does the work of both.
 *
 * <p>It is a lock of the operating system on a file below {@code _turns} of the lake, which the
 * system releases when the process ends, however it ends. A lake on an object store has no such
 * locks: every attempt succeeds there, and the user must not start two writers.
 */
public final class WriterLock implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(300);

  /**
   * Files that this process has locked. A system that keeps POSIX's rules gives up a process's lock
   * on a file as soon as the process closes the file by whatever channel: so it must not be opened
   * a second time to find out.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Optional<Path> folder;
  private final Map<Path, FileLock> held = new LinkedHashMap<>();

  private WriterLock(Optional<Path> folder) {
    this.folder = folder;
  }

  static WriterLock of(String lakeRoot) {
    String local = lakeRoot.startsWith("file:") ? lakeRoot.replaceFirst("^file:/*", "/") : lakeRoot;
    return new WriterLock(
        local.contains("://") ? Optional.empty() : Optional.of(Path.of(local, "_turns")));
  }

  /** Locks a name until this is closed; returns whether it was free. */
  public boolean take(String name) {
    if (folder.isEmpty()) {
      return true;
    }
    Path file = folder.get().resolve(name).toAbsolutePath().normalize();
    if (!HELD.add(file)) {
      return false;
    }
    boolean locked = false;
    try {
      Files.createDirectories(folder.get());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return false;
      }
      held.put(file, lock);
      locked = true;
      return true;
    } catch (IOException e) {
      throw new LakeException(
          "the lake's folder " + folder.get() + " cannot be written: " + e.getMessage(),
          "give this user the right to write there",
          e);
    } finally {
      if (!locked) {
        HELD.remove(file);
      }
    }
  }

  /** Waits until a name is locked, or until the signal is raised. */
  public void await(String name, StopSignal signal) throws InterruptedException {
    while (!take(name)) {
      if (signal.await(POLL)) {
        return;
      }
    }
  }

  /**
   * Does work under locks, unless the command that holds them does it first.
   *
   * @param names to lock for the work, its own first
   * @param done whether it is done
   */
  public static void take(
      String lakeRoot,
      List<String> names,
      Runnable work,
      BooleanSupplier done,
      Consumer<String> notice) {
    String name = names.get(0);
    boolean told = false;
    while (true) {
      try (WriterLock writerLock = of(lakeRoot)) {
        if (names.stream().allMatch(writerLock::take)) {
          work.run();
          return;
        }
      }
      if (done.getAsBoolean()) {
        notice.accept(name + " was brought up to date by another command that is running");
        return;
      }
      if (!told) {
        notice.accept("another command keeps " + name + " up to date: waiting for it");
        told = true;
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LakeException("waiting for " + name + " was interrupted", "run it again", e);
      }
    }
  }

  @Override
  public void close() {
    for (Map.Entry<Path, FileLock> lock : held.entrySet()) {
      try {
        lock.getValue().acquiredBy().close();
        HELD.remove(lock.getKey());
      } catch (IOException e) {
        throw new LakeException(
            "a lock cannot be released: " + e.getMessage(), "end the process", e);
      }
    }
    held.clear();
  }
}
