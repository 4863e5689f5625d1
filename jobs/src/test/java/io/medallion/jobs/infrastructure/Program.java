package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that a test runs to its end. */
final class Program {
  private Program() {}

  /**
   * How a program ended.
   *
   * @param output what it wrote to stdout and stderr, in the order written
   */
  record Ended(int code, String output) {}

  /** Runs a command in a directory, at most two minutes. */
  static Ended run(Path directory, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("program", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(Files.readString(output)).as("output of %s, which hangs", command).isNull();
      }
      return new Ended(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  /** Where a program is on the PATH, absent if it is not installed. */
  static Optional<Path> find(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Paths.get(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
