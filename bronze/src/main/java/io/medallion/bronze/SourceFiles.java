package io.medallion.bronze;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Expands what a user named as sources into files. */
final class SourceFiles {
  private SourceFiles() {}

  /**
   * Lists files, the files of directories (recursively) and what globs match, each once, in the
   * order of their paths: the order in which they count as landed.
   *
   * <p>Hidden files (names that begin with a dot) of directories and globs are left out; a file
   * that is named itself never is.
   *
   * @throws ConfigurationException naming every source that matches nothing
   */
  static List<FileStatus> list(List<String> sources, Configuration hadoop) {
    Map<Path, FileStatus> files = new TreeMap<>(Comparator.comparing(Path::toString));
    List<Mistake> mistakes = new ArrayList<>();
    for (String source : sources) {
      try {
        Path path = new Path(source);
        FileSystem fs = path.getFileSystem(hadoop);
        FileStatus[] matches = matches(fs, path);
        if (matches == null || matches.length == 0) {
          mistakes.add(
              new Mistake(
                  "--source " + source,
                  "there is no such file or directory, and the pattern matches none",
                  "name a file, a directory or a quoted glob such as '/drop/*.csv'"));
          continue;
        }
        for (FileStatus match : matches) {
          collect(fs, match, files);
        }
      } catch (IOException | IllegalArgumentException e) {
        mistakes.add(
            new Mistake(
                "--source " + source,
                "it cannot be listed: " + e.getMessage(),
                "check that the path is right and may be read"));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return List.copyOf(files.values());
  }

  private static FileStatus[] matches(FileSystem fs, Path path) throws IOException {
    try {
      return new FileStatus[] {fs.getFileStatus(path)};
    } catch (FileNotFoundException e) {
      return fs.globStatus(path, SourceFiles::visible);
    }
  }

  private static void collect(FileSystem fs, FileStatus status, Map<Path, FileStatus> files)
      throws IOException {
    if (status.isFile()) {
      files.put(status.getPath(), status);
      return;
    }
    for (FileStatus child : fs.listStatus(status.getPath(), SourceFiles::visible)) {
      collect(fs, child, files);
    }
  }

  private static boolean visible(Path path) {
    return !path.getName().startsWith(".");
  }

  /** The file as it is now. */
  static FileStatus current(FileStatus file, Configuration hadoop) {
    try {
      return file.getPath().getFileSystem(hadoop).getFileStatus(file.getPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
