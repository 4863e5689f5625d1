package io.medallion.jobs.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A module's page says what its files say. */
class TerraformReadmeTest {
  private static final Path MODULES = Compose.ROOT.resolve("infra/terraform/modules");

  static List<String> modules() throws IOException {
    try (Stream<Path> folders = Files.list(MODULES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyInputAndOutputIsDescribedAsInTheCode(String module) throws IOException {
    Path folder = MODULES.resolve(module);
    List<String> readme = Files.readAllLines(folder.resolve("README.md"));
    List<String> inputs =
        rows(readme, "## Inputs")
            .map(row -> row.replaceFirst("^\\| `(\\w+)`.* \\| (.*) \\|$", "$1: $2"))
            .toList();
    List<String> outputs =
        rows(readme, "## Outputs")
            .map(row -> row.replaceFirst("^\\| `(\\w+)` \\| (.*) \\|$", "$1: $2"))
            .toList();
    assertThat(inputs).isNotEmpty();
    assertThat(inputs).isEqualTo(described(folder.resolve("variables.tf"), "variable"));
    assertThat(outputs).isEqualTo(described(folder.resolve("outputs.tf"), "output"));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleIsFourFilesAndTwoExamples(String module) throws IOException {
    for (String file :
        List.of(
            "main.tf",
            "variables.tf",
            "outputs.tf",
            "versions.tf",
            "examples/minimal/main.tf",
            "examples/full/main.tf",
            "tests/rules.tftest.hcl")) {
      assertThat(MODULES.resolve(module).resolve(file)).isRegularFile();
    }
    try (Stream<Path> files = Files.list(MODULES.resolve(module))) {
      assertThat(files.filter(file -> file.toString().endsWith(".tf"))).hasSize(4);
    }
  }

  private static Stream<String> rows(List<String> readme, String heading) {
    return readme.stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"));
  }

  private static List<String> described(Path file, String kind) throws IOException {
    return Pattern.compile("(?ms)^" + kind + " \"(\\w+)\" \\{.*?^  description\\s*= \"(.*?)\"$")
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult block) -> block.group(1) + ": " + block.group(2))
        .toList();
  }
}
