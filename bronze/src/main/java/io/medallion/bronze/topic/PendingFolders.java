package io.medallion.bronze.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Folders that batches have begun to write and not yet committed: a note of each is kept until
 * then, so that what a killed landing left is found without a look at everything that ever landed.
 */
final class PendingFolders {
  private final String root;
  private final Path notes;
  private final Configuration hadoop;

  /**
   * @param root of the lake
   * @param feed whose landings are meant
   */
  PendingFolders(String root, String feed, Configuration hadoop) {
    this.root = root;
    this.notes = new Path(root + "/bronze/" + feed + "/pending");
    this.hadoop = hadoop;
  }

  /**
   * A folder that a batch writes to.
   *
   * @param folder relative to the lake's root
   */
  record Pending(Path note, String folder) {}

  /** Notes a new folder below {@code parent}, which is relative to the lake's root. */
  Pending begin(String parent) {
    String id = UUID.randomUUID().toString().substring(0, 13);
    Pending pending = new Pending(new Path(notes, id), parent + "/" + id);
    try (OutputStream out = fileSystem().create(pending.note(), false)) {
      out.write(pending.folder().getBytes(UTF_8));
    } catch (IOException e) {
      throw failed("written", e);
    }
    return pending;
  }

  /** Forgets a folder that is committed. */
  void committed(Pending pending) {
    try {
      fileSystem().delete(pending.note(), false);
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /** Removes a folder and its note. */
  void discard(Pending pending) {
    try {
      fileSystem().delete(new Path(root + "/" + pending.folder()), true);
      fileSystem().delete(pending.note(), false);
    } catch (IOException e) {
      throw failed("cleared", e);
    }
  }

  /**
   * Removes what earlier landings left.
   *
   * @param committed whether a folder is in the manifest
   */
  void sweep(Predicate<String> committed) {
    try {
      for (Pending pending : all()) {
        if (committed.test(pending.folder())) {
          committed(pending);
        } else {
          discard(pending);
        }
      }
    } catch (IOException e) {
      throw failed("cleared", e);
    }
  }

  private List<Pending> all() throws IOException {
    List<Pending> all = new ArrayList<>();
    try {
      for (FileStatus note : fileSystem().listStatus(notes)) {
        try (InputStream in = fileSystem().open(note.getPath())) {
          String folder = new String(in.readAllBytes(), UTF_8);
          // A note that was cut off names no folder, and nothing was written to one yet.
          boolean whole = folder.endsWith("/" + note.getPath().getName());
          all.add(new Pending(note.getPath(), whole ? folder : noFolder(note)));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return all;
  }

  private String noFolder(FileStatus note) {
    return "bronze/" + notes.getParent().getName() + "/none/" + note.getPath().getName();
  }

  private FileSystem fileSystem() throws IOException {
    return notes.getFileSystem(hadoop);
  }

  private LakeException failed(String what, IOException e) {
    return new LakeException(
        notes + " cannot be " + what + ": " + e.getMessage(),
        "give this user the right to write and delete below " + root + "/bronze",
        e);
  }
}
