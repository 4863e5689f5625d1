package io.medallion.core.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A process that commits as a Delta driver does: the next version, or the one after it. */
final class CommitWriter {
  private CommitWriter() {}

  /**
   * Arguments: the log's path, the writer's name, how many commits, then Hadoop settings K=V. It
   * says that it is ready, and begins when its input ends, so that several begin at once.
   */
  public static void main(String[] arguments) throws IOException {
    Configuration hadoop = new Configuration();
    for (String setting : List.of(arguments).subList(3, arguments.length)) {
      hadoop.set(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    ConditionalPutLogStore store = new ConditionalPutLogStore(hadoop);
    Path log = new Path(arguments[0]);
    log.getFileSystem(hadoop).mkdirs(log);
    System.out.print("r");
    System.out.flush();
    System.in.transferTo(OutputStream.nullOutputStream());
    long version = 0;
    for (int commit = 0; commit < Integer.parseInt(arguments[2]); commit++) {
      String action = arguments[1] + "-" + commit;
      version = latest(store, log, version, hadoop) + 1;
      while (!committed(store, log, version, action, hadoop)) {
        version++;
      }
    }
  }

  private static long latest(
      ConditionalPutLogStore store, Path log, long from, Configuration hadoop) throws IOException {
    long latest = from - 1;
    Iterator<FileStatus> files = store.listFrom(file(log, from), hadoop);
    while (files.hasNext()) {
      String name = files.next().getPath().getName();
      // The server shows what it is still writing, under other names.
      if (name.endsWith(".json")) {
        latest = Long.parseLong(name.replace(".json", ""));
      }
    }
    return latest;
  }

  private static boolean committed(
      ConditionalPutLogStore store, Path log, long version, String action, Configuration hadoop)
      throws IOException {
    try {
      store.write(file(log, version), List.of(action).iterator(), false, hadoop);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static Path file(Path log, long version) {
    return new Path(log, String.format("%020d.json", version));
  }
}
