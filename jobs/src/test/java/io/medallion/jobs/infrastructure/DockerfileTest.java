package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lints the Dockerfile; its parts that are programs of ours are run by {@link ImageTest}. */
@Tag("slow")
class DockerfileTest {
  private static final String LINTER = "dockerfile-utils@0.16.3";

  @TempDir private Path scratch;

  @Test
  void theLinterFindsNothing() throws Exception {
    assumeLinter();
    Program.Ended ended = lint(Files.readString(Compose.ROOT.resolve("Dockerfile")));
    assertThat(ended.output()).isBlank();
    assertThat(ended.code()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "ENTRYPOINT [,ENTRYPINT [,Unknown instruction: ENTRYPINT",
    "FROM eclipse-temurin:17.0.17_10-jre-noble,FROM,Instruction has no arguments",
    "--from=build,--form=build,Unknown flag: form",
  })
  void aPlantedMistakeIsCaught(String text, String other, String message) throws Exception {
    assumeLinter();
    String dockerfile = Files.readString(Compose.ROOT.resolve("Dockerfile"));
    assertThat(dockerfile).contains(text);
    assertThat(lint(dockerfile.replace(text, other)).output()).contains(message);
  }

  @Test
  void theImageIsPinnedBuiltInStagesAndRunsAsAnUnprivilegedUser() throws Exception {
    List<String> lines = Files.readAllLines(Compose.ROOT.resolve("Dockerfile"));
    assertThat(lines.stream().filter(line -> line.startsWith("FROM ")))
        .hasSize(2)
        .allMatch(
            line -> line.matches("FROM eclipse-temurin:17\\.0\\.\\d+_\\d+-(jdk|jre)-noble.*"));
    assertThat(lines.stream().filter(line -> line.startsWith("USER ")))
        .containsExactly("USER 10001:10001");
    assertThat(lines.stream().dropWhile(line -> !line.startsWith("USER ")))
        .noneMatch(line -> line.startsWith("RUN ") || line.startsWith("COPY "));
    assertThat(lines).noneMatch(line -> line.startsWith("ADD "));
  }

  private void assumeLinter() throws Exception {
    assumeTrue(Program.find("npx").isPresent(), "skipped: there is no npx on the PATH");
    assumeTrue(
        lint("FROM scratch\n").code() == 0, "skipped: npm cannot bring the linter " + LINTER);
  }

  private Program.Ended lint(String dockerfile) throws Exception {
    Path file = Files.writeString(scratch.resolve("Dockerfile"), dockerfile);
    return Program.run(
        scratch, Map.of(), List.of("npx", "--silent", "--yes", LINTER, "lint", file.toString()));
  }
}
