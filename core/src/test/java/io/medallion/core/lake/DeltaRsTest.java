package io.medallion.core.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tables with positions taken away, read by delta-rs: an implementation of Delta's protocol that
 * shares no code with ours. Its Python package goes into an environment of the build's own.
 */
@Tag("slow")
class DeltaRsTest extends RowDeltaFixture {
  private static final Path SCRIPTS = Path.of("src/test/python").toAbsolutePath();
  private static final Path ENVIRONMENT = Path.of("target/delta-rs").toAbsolutePath();

  @Override
  RowDelta way() {
    return new PositionDelta();
  }

  @Test
  void readsRowsChangesAndEarlierVersionsAsTheyWereCommitted() throws Exception {
    Path python = python();
    long first = insert(row(1, "one"), row(2, "two"), row(3, "three"), row(4, "four"));
    long second = commit(List.of(deleted(1), updated(2, row(2, "zwei"))));
    long third =
        commit(
            List.of(
                deleted(4), updated(2, row(2, "deux")), new RowChange.Inserted(row(5, "five"))));

    List<String> read =
        run(
            python.toString(),
            SCRIPTS.resolve("read_table.py").toString(),
            table.path(),
            String.valueOf(first),
            String.valueOf(second),
            String.valueOf(third));

    assertThat(read)
        .containsExactly(
            first + ": 1|one|13.34500|2026-01-01",
            first + ": 2|two|14.34500|2026-01-01",
            first + ": 3|three|15.34500|2026-01-01",
            first + ": 4|four|16.34500|2026-01-01",
            second + ": 2|zwei|14.34500|2026-01-01",
            second + ": 3|three|15.34500|2026-01-01",
            second + ": 4|four|16.34500|2026-01-01",
            third + ": 2|deux|14.34500|2026-01-01",
            third + ": 3|three|15.34500|2026-01-01",
            third + ": 5|five|17.34500|2026-01-01",
            first + " insert: 4",
            second + " delete: 1",
            second + " update_postimage: 1",
            second + " update_preimage: 1",
            third + " delete: 1",
            third + " insert: 1",
            third + " update_postimage: 1",
            third + " update_preimage: 1");
  }

  private static Path python() throws Exception {
    Path python = ENVIRONMENT.resolve("bin/python");
    if (!Files.exists(ENVIRONMENT.resolve("installed"))) {
      assumeTrue(succeeds("python3", "-m", "venv", ENVIRONMENT.toString()), "no python3 with venv");
      assumeTrue(
          succeeds(
              python.toString(),
              "-m",
              "pip",
              "install",
              "--quiet",
              "--requirement",
              SCRIPTS.resolve("requirements.txt").toString()),
          "deltalake cannot be installed from PyPI");
      Files.createFile(ENVIRONMENT.resolve("installed"));
    }
    return python;
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false; // the command is not there
    }
  }

  private static List<String> run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines =
        new ArrayList<>(
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList());
    assertThat(process.waitFor()).isZero();
    return lines;
  }
}
