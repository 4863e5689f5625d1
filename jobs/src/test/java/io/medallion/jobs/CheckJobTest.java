package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no lake; {@link CommandsTest} has the rest. */
class CheckJobTest {
  @TempDir Path lake;

  private CommandRun check(String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--lake", lake.toString()));
    line.addAll(List.of("--config", TestLake.REPOSITORY.resolve("conf").toString()));
    return CommandRun.of(new CheckJob(), Map.of(), line.toArray(String[]::new));
  }

  @Test
  void aLakeWithoutABuiltStarIsNoSoundOne() {
    assertThat(check())
        .isEqualTo(
            new CommandRun(
                ExitCode.FAILED,
                "",
                """
                note: star sales has not been built in this lake, and is not checked
                error: no star was checked, for none of those asked for has been built in this lake
                    fix: build them first: medallion gold
                """));
  }

  @Test
  void namesTheNearestStar() {
    CommandRun ended = check("--star", "sale");
    assertThat(ended.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ended.err())
        .isEqualTo(
            """
            error: star `sale`: no star file declares it
                fix: write `sales`, or add a star file that does
            """);
  }

  @Test
  void refusesAnUnknownFormat() {
    CommandRun ended = check("--format", "xml");
    assertThat(ended.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ended.err())
        .isEqualTo(
            """
            error: --format xml: there is no such format
                fix: table, csv or json
            """);
  }
}
