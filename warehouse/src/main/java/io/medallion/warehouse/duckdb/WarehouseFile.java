package io.medallion.warehouse.duckdb;

import io.medallion.core.LakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/**
 * The one file of a warehouse, and how it is changed beside its readers.
 *
 * <p>DuckDB lets either one process write a file or several read it, never both. So a writer
 * changes a copy, and renames it over the file when it is finished: readers that had the file open
 * go on with what they opened, all others see the new one. Whatever kills the writer, the file is
 * whole.
 *
 * @param path absolute
 */
record WarehouseFile(Path path) {

  WarehouseFile {
    path = path.toAbsolutePath().normalize();
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Opens the file for reading. */
  Connection read() {
    Properties readOnly = new Properties();
    readOnly.setProperty("duckdb.read_only", "true");
    try {
      return DriverManager.getConnection("jdbc:duckdb:" + path, readOnly);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private LakeException unreadable(SQLException e) {
    boolean locked = String.valueOf(e.getMessage()).contains("Could not set lock");
    return locked
        ? new LakeException(
            "another program has " + path + " open for writing: " + holder(e.getMessage()),
            "close it there, or open it read-only there: duckdb -readonly " + path,
            e)
        : new LakeException(
            path + " cannot be opened as a DuckDB file: " + e.getMessage(),
            "move it away if it is none, and load again; the lake has everything that was in it",
            e);
  }

  private static String holder(String message) {
    int at = message.indexOf("held in ");
    int end = message.indexOf(')', at);
    return at < 0 || end < 0 ? message : message.substring(at + "held in ".length(), end + 1);
  }

  /** Locks the file against other writers, until the draft is closed. */
  Draft draft() {
    try {
      Files.createDirectories(path.getParent());
      return new Draft(this);
    } catch (IOException e) {
      throw new LakeException(
          "the warehouse file " + path + " cannot be written: " + e,
          "make its folder writable, or choose another with --warehouse-file",
          e);
    }
  }

  private Path beside(String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  /** A mark that differs once somebody else has changed or replaced the file. */
  private Optional<String> mark() throws IOException {
    if (!exists()) {
      return Optional.empty();
    }
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    return Optional.of(now.fileKey() + " " + now.size() + " " + now.lastModifiedTime());
  }

  /** The copy that a writer works on. */
  static final class Draft implements AutoCloseable {
    private final WarehouseFile file;
    private final FileChannel lockChannel;
    private final Path copy;
    private final Optional<String> before;
    private Optional<Connection> guard = Optional.empty();

    private Draft(WarehouseFile file) throws IOException {
      this.file = file;
      this.copy = file.beside(".next");
      this.lockChannel = lock(file);
      try {
        this.before = file.mark();
        refuseLog(file);
        Files.deleteIfExists(copy);
        Files.deleteIfExists(file.beside(".next.wal"));
        if (file.exists()) {
          Files.copy(file.path(), copy);
          // Opened after the copy was made: closing a file releases the process's locks on it.
          guard = Optional.of(file.read());
          unchanged();
        }
      } catch (IOException | RuntimeException e) {
        close();
        throw e;
      }
    }

    /** The operating system releases the lock when the process ends, however that happens. */
    private static FileChannel lock(WarehouseFile file) throws IOException {
      Path lock = file.beside(".lock");
      FileChannel channel =
          FileChannel.open(
              lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock held;
      try {
        held = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        held = null;
      }
      if (held == null) {
        String owner = Files.readString(lock).strip();
        channel.close();
        throw new LakeException(
            "another load is writing " + file.path() + (owner.isEmpty() ? "" : ": " + owner),
            "wait until it has ended and load again; readers need not wait");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              ("process " + ProcessHandle.current().pid() + "\n")
                  .getBytes(StandardCharsets.UTF_8)));
      return channel;
    }

    private static void refuseLog(WarehouseFile file) {
      Path log = file.beside(".wal");
      if (Files.exists(log)) {
        throw new LakeException(
            "another program has changed " + file.path() + " and left " + log.getFileName(),
            "open the file there once more and close it, so that DuckDB puts the two together");
      }
    }

    private void unchanged() throws IOException {
      if (!before.equals(file.mark())) {
        throw new LakeException(
            "another program has changed " + file.path() + " while it was copied",
            "close it there, and load again");
      }
    }

    /** Opens the copy for writing. Its connections must be closed before {@link #publish()}. */
    Connection open() {
      try {
        return DriverManager.getConnection("jdbc:duckdb:" + copy);
      } catch (SQLException e) {
        throw new LakeException(
            "the copy " + copy + " cannot be opened: " + e.getMessage(),
            "move " + file.path() + " away if it is damaged, and load again",
            e);
      }
    }

    /** Where rows may be handed over; nobody else uses it. */
    Path stage() {
      return file.beside(".stage");
    }

    /** Puts the copy into the file's place. */
    void publish() {
      try {
        if (Files.exists(file.beside(".next.wal"))) {
          throw new IllegalStateException("the copy was not written out to its end: " + copy);
        }
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        refuseLog(file);
        unchanged();
        Files.move(
            copy, file.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.path().getParent())) {
          folder.force(true);
        }
      } catch (IOException e) {
        throw new LakeException(
            file.path() + " cannot be replaced by its finished copy: " + e,
            "make its folder writable, and load again",
            e);
      }
    }

    @Override
    public void close() {
      try {
        if (guard.isPresent()) {
          guard.get().close();
        }
        Files.deleteIfExists(copy);
        Files.deleteIfExists(file.beside(".next.wal"));
        lockChannel.close();
      } catch (IOException | SQLException e) {
        throw new LakeException(
            "what was left of a load beside " + file.path() + " cannot be removed: " + e,
            "make its folder writable, and load again",
            e);
      }
    }
  }
}
