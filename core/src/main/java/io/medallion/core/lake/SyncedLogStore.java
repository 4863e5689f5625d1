package io.medallion.core.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.storage.LocalLogStore;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * Commits to Delta tables on a local disk that are still there after the power fails: what a commit
 * names is on the disk before the commit is, and the commit before it is reported.
 *
 * <p>A commit's name is taken by a hard link, which the file system gives once: of two processes
 * that write one version, one is told that the other was first.
 *
 * <p>Set by {@code spark.delta.logStore.file.impl}.
 */
public class SyncedLogStore extends LocalLogStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  public SyncedLogStore(Configuration hadoop) {
    super(hadoop);
  }

  /**
   * @throws FileAlreadyExistsException where another writer has the version, unless it is to be
   *     overwritten
   */
  @Override
  public void write(
      org.apache.hadoop.fs.Path path,
      Iterator<String> actions,
      Boolean overwrite,
      Configuration hadoop)
      throws IOException {
    Path file = Path.of(path.toUri().getPath());
    Path log = file.getParent();
    if (!overwrite && Files.exists(file)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Files.createDirectories(log);
    List<String> lines = new ArrayList<>();
    actions.forEachRemaining(lines::add);
    if (file.getFileName().toString().endsWith(".json")) {
      syncData(log.getParent(), lines);
    }
    Path written = log.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      write(written, lines);
      sync(written);
      // Hadoop would hold the new content against the checksum of an older one.
      Files.deleteIfExists(log.resolve("." + file.getFileName() + ".crc"));
      publish(written, file, overwrite);
    } finally {
      Files.deleteIfExists(written);
    }
    sync(log);
  }

  private static void write(Path file, List<String> lines) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(UTF_8));
      while (text.hasRemaining()) {
        out.write(text);
      }
    }
  }

  private static void publish(Path written, Path file, boolean overwrite) throws IOException {
    if (overwrite) {
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    try {
      Files.createLink(file, written);
    } catch (FileAlreadyExistsException e) {
      throw new FileAlreadyExistsException(file.toString());
    } catch (UnsupportedOperationException | FileSystemException e) {
      // A disk without hard links: the file is still written whole, or not at all.
      Files.move(written, file);
    }
  }

  private void syncData(Path table, List<String> lines) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (String line : lines) {
      for (String kind : List.of("add", "cdc")) {
        JsonNode action =
            line.startsWith("{\"" + kind + "\"") ? JSON.readTree(line).path(kind) : null;
        if (action == null || action.path("path").isMissingNode()) {
          continue;
        }
        URI place = URI.create(action.path("path").asText());
        Path data = place.isAbsolute() ? Path.of(place.getPath()) : table.resolve(place.getPath());
        try {
          sync(data);
          folders.add(data.getParent());
        } catch (NoSuchFileException e) {
          // Of a clone of a table elsewhere, or removed meanwhile: not this commit's to write.
          continue;
        }
      }
    }
    for (Path folder : folders) {
      sync(folder);
    }
  }

  /** Returns when a file's bytes, or a folder's names, are on the disk. */
  protected void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
