package io.medallion.bronze;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.contract.Intake;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Expands what a user named as sources into files that are at rest.
 *
 * <p>Below a folder only regular files count: a link may lead out of the folder or in circles, and
 * what it names below the folder is found there anyway; to open a named pipe waits for a writer.
 */
final class SourceFiles {
  /** A landing waits no longer than this for files to come to rest. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Intake intake;
  private final Configuration hadoop;
  private final List<PathMatcher> ignored;
  private final Map<Path, FileStatus> files = new TreeMap<>(Comparator.comparing(Path::toString));
  private final List<Outcome> left = new ArrayList<>();
  private final List<Mistake> mistakes = new ArrayList<>();

  private SourceFiles(Intake intake, Configuration hadoop) {
    this.intake = intake;
    this.hadoop = hadoop;
    this.ignored =
        intake.ignore().stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
  }

  /**
   * What there is to land.
   *
   * @param files each once, in the order of their paths: the order in which they count as landed
   * @param left files that this landing leaves alone, and why
   */
  record Listing(List<FileStatus> files, List<Outcome> left) {
    Listing {
      files = List.copyOf(files);
      left = List.copyOf(left);
    }

    /** Lengths of the files, and of the files of archives. */
    Set<Long> sizesBytes(Intake intake, Configuration hadoop) {
      Set<Long> sizes = new HashSet<>();
      for (FileStatus file : files) {
        sizes.add(file.getLen());
        if (ZipArchive.isOne(file)) {
          try (ZipArchive archive = ZipArchive.open(file, intake, hadoop)) {
            archive.entries().forEach(entry -> sizes.add(entry.getSize()));
          } catch (IOException e) {
            // Landing it says what is wrong with it.
            continue;
          }
        }
      }
      return sizes;
    }

    /** Outcomes of the files, and of those that were left alone. */
    List<Outcome> withLeft(List<Outcome> outcomes) {
      List<Outcome> all = new ArrayList<>(outcomes);
      all.addAll(left);
      return all;
    }
  }

  /**
   * Lists files, the files of directories (recursively) and what globs match.
   *
   * <p>What the feed ignores of directories and globs is left out; a file that is named itself
   * never is.
   *
   * @throws ConfigurationException naming every source that matches nothing
   */
  static Listing list(List<String> sources, Intake intake, Configuration hadoop, Instant now) {
    SourceFiles listed = new SourceFiles(intake, hadoop);
    sources.forEach(listed::source);
    if (!listed.mistakes.isEmpty()) {
      throw new ConfigurationException(listed.mistakes);
    }
    listed.leaveUnmarked();
    listed.leaveUnrested(now);
    return new Listing(List.copyOf(listed.files.values()), listed.left);
  }

  private void source(String source) {
    if (source.matches("[A-Za-z][A-Za-z0-9+.-]*://[^/]*@.*")) {
      mistakes.add(
          new Mistake(
              "--source " + source.replaceFirst("://[^/]*@", "://…@"),
              "it has a user or a password in it, which logs and the manifest would show",
              "leave it out: give credentials by the environment or a profile"));
      return;
    }
    try {
      Path path = path(source);
      FileSystem fs = fileSystem(path, hadoop);
      if (namedItself(source, fs, path)) {
        return;
      }
      FileStatus[] matches = fs.globStatus(path, this::visible);
      if (matches == null || matches.length == 0) {
        mistakes.add(
            new Mistake(
                "--source " + source,
                "there is no such file or directory, and the pattern matches none",
                "name a file, a directory or a quoted glob such as '/drop/*.csv'"));
        return;
      }
      for (FileStatus match : matches) {
        collect(fs, match);
      }
    } catch (IOException | IllegalArgumentException e) {
      mistakes.add(
          new Mistake(
              "--source " + source,
              "it cannot be listed: " + e.getMessage(),
              "check that the path is right and may be read"));
    }
  }

  /** A file's name may look like a URI or like a pattern: first of all it is a name. */
  private Path path(String source) throws IOException {
    boolean localByDefault = FileSystem.getDefaultUri(hadoop).getScheme().equals("file");
    return localByDefault && new File(source).exists()
        ? new Path("file", "", new File(source).getAbsolutePath())
        : new Path(source);
  }

  private boolean namedItself(String source, FileSystem fs, Path path) throws IOException {
    FileStatus status;
    try {
      status = fs.getFileStatus(path);
    } catch (FileNotFoundException e) {
      return false;
    }
    if (status.isDirectory()) {
      for (FileStatus child : fs.listStatus(status.getPath(), this::visible)) {
        collect(fs, child);
      }
    } else if (!local(fs) || Files.isRegularFile(nio(status))) {
      files.put(status.getPath(), status);
    } else {
      mistakes.add(
          new Mistake(
              "--source " + source,
              "it is neither a regular file nor a directory",
              "write what a pipe or device gives into a file first"));
    }
    return true;
  }

  private void collect(FileSystem fs, FileStatus status) throws IOException {
    if (local(fs)) {
      java.nio.file.Path file = nio(status);
      if (Files.isSymbolicLink(file)) {
        leave(status, "it is a symbolic link: name what it leads to as a source of its own");
        return;
      }
      if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        leave(status, "it is no regular file");
        return;
      }
    }
    if (status.isDirectory()) {
      for (FileStatus child : fs.listStatus(status.getPath(), this::visible)) {
        collect(fs, child);
      }
    } else if (!intake.isMarker(status.getPath().getName())) {
      files.put(status.getPath(), status);
    }
  }

  private void leave(FileStatus status, String reason) {
    left.add(new Outcome.Skipped(status.getPath().toString(), reason));
  }

  private static boolean local(FileSystem fs) {
    return fs.getUri().getScheme().equals("file");
  }

  private static java.nio.file.Path nio(FileStatus status) {
    return java.nio.file.Path.of(status.getPath().toUri().getPath());
  }

  private boolean visible(Path path) {
    java.nio.file.Path name = java.nio.file.Path.of(path.getName());
    return ignored.stream().noneMatch(glob -> glob.matches(name));
  }

  /** Files whose marker is not there yet. */
  private void leaveUnmarked() {
    if (intake.doneMarker().isEmpty()) {
      return;
    }
    Map<Path, Set<String>> names = new TreeMap<>();
    for (FileStatus file : List.copyOf(files.values())) {
      String marker = intake.markerOf(file.getPath().getName()).orElseThrow();
      if (!names.computeIfAbsent(file.getPath().getParent(), this::names).contains(marker)) {
        files.remove(file.getPath());
        left.add(
            new Outcome.Deferred(
                file.getPath().toString(), "its marker " + marker + " is not there yet"));
      }
    }
  }

  private Set<String> names(Path folder) {
    try {
      Set<String> names = new HashSet<>();
      for (FileStatus file : fileSystem(folder, hadoop).listStatus(folder)) {
        names.add(file.getPath().getName());
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits a little for files that have just been written, and leaves those that still are. */
  private void leaveUnrested(Instant listed) {
    Duration wait = Duration.ZERO;
    for (FileStatus file : files.values()) {
      Duration missing = missing(file, listed);
      if (missing.compareTo(PATIENCE) <= 0 && missing.compareTo(wait) > 0) {
        wait = missing;
      }
    }
    if (!wait.isZero()) {
      sleep(wait);
    }
    for (FileStatus file : List.copyOf(files.values())) {
      Duration missing = missing(file, listed);
      if (missing.isZero()) {
        continue;
      }
      FileStatus now = current(file, hadoop);
      if (now.getLen() == file.getLen()
          && now.getModificationTime() == file.getModificationTime()
          && missing.compareTo(wait) <= 0) {
        continue;
      }
      files.remove(file.getPath());
      left.add(
          new Outcome.Deferred(
              file.getPath().toString(),
              "it changed less than "
                  + intake.minimumAge().toSeconds()
                  + " s ago: run again when its writer is done"));
    }
  }

  /** How much is missing to the age that the feed asks for; nothing where clocks disagree. */
  private Duration missing(FileStatus file, Instant now) {
    Duration age = Duration.between(Instant.ofEpochMilli(file.getModificationTime()), now);
    return age.isNegative() || age.compareTo(intake.minimumAge()) >= 0
        ? Duration.ZERO
        : intake.minimumAge().minus(age);
  }

  private static void sleep(Duration wait) {
    try {
      Thread.sleep(wait.toMillis() + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The file system of a source: of a local one without the checksums that Hadoop would look for
   * beside each file, by names that it cannot always form.
   */
  static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    FileSystem fs = path.getFileSystem(hadoop);
    return fs instanceof LocalFileSystem local ? local.getRawFileSystem() : fs;
  }

  /** The file as it is now. */
  static FileStatus current(FileStatus file, Configuration hadoop) {
    try {
      return fileSystem(file.getPath(), hadoop).getFileStatus(file.getPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
