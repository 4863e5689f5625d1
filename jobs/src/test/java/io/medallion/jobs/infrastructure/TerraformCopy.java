package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of {@code infra/terraform} that a test may change. */
record TerraformCopy(Path folder) {
  private static final Path SOURCE =
      Path.of(System.getProperty("medallion.root"), "infra", "terraform");
  static final Path STUBS =
      Path.of(System.getProperty("medallion.root"), "..", "shared", "terraform").normalize();

  /** Copies the code to a folder that does not exist. */
  static TerraformCopy to(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(SOURCE)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(SOURCE.relativize(file)));
      }
    }
    return new TerraformCopy(folder);
  }

  /** Skips the test, and says why, where Terraform cannot be run. */
  static void assumeTerraform() {
    assumeTrue(
        Program.find("terraform").isPresent()
            || Files.isExecutable(STUBS.resolve("bin").resolve("terraform")),
        "skipped: there is no terraform on the PATH or in " + STUBS.resolve("bin"));
    assumeTrue(Program.find("node").isPresent(), "skipped: there is no node on the PATH");
    assumeTrue(
        Files.isDirectory(STUBS), "skipped: there are no stub providers for Terraform in " + STUBS);
  }

  /** Replaces a text that occurs once in a file. */
  void replace(String file, String text, String other) throws IOException {
    Path path = folder.resolve(file);
    String before = Files.readString(path);
    assertThat(before.split(java.util.regex.Pattern.quote(text), -1))
        .as("'%s' in %s", text, file)
        .hasSize(2);
    Files.writeString(path, before.replace(text, other));
  }

  /** Runs {@code check} on folders; on all if none is named. */
  Program.Ended check(String... folders) throws IOException, InterruptedException {
    return Program.run(
        folder,
        Map.of("TERRAFORM_STUBS", STUBS.toString()),
        Stream.concat(Stream.of("./check"), Stream.of(folders)).toList());
  }
}
