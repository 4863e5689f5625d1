package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.TestLake;
import io.medallion.jobs.cli.Job;
import io.medallion.jobs.config.OptionSpec;
import io.medallion.jobs.config.Setting;
import io.medallion.jobs.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferencePagesTest {
  private static final String REFRESH = "medallion.docs.write";

  static Stream<Map.Entry<String, String>> pages() throws IOException {
    return ReferencePages.all(CommandLineTest.jobs()).entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void pageIsWhatTheCodeSays(Map.Entry<String, String> page) throws IOException {
    Path file = TestLake.REPOSITORY.resolve(page.getKey());
    if (Boolean.getBoolean(REFRESH)) {
      Files.writeString(file, page.getValue());
    }
    assertCurrent(file, page.getValue());
  }

  private static void assertCurrent(Path page, String wanted) throws IOException {
    assertThat(page)
        .as("%s is stale: run ReferencePagesTest with -D%s=true", page, REFRESH)
        .hasContent(wanted);
  }

  @Test
  void everyCommandIsOnItsPage() throws IOException {
    assertThat(CommandLineTest.jobs().stream().map(job -> job.getClass().getSimpleName()))
        .containsExactlyInAnyOrderElementsOf(TestLake.mainClasses());
  }

  @Test
  void keysVariablesAndOptionsAreTheirOwn() {
    Set<String> names = new HashSet<>();
    for (Setting setting : Settings.ALL) {
      assertThat(names.add(setting.key())).as(setting.key()).isTrue();
      assertThat(names.add(setting.variable())).as(setting.variable()).isTrue();
      setting.option().ifPresent(o -> assertThat(names.add("--" + o.name())).isTrue());
    }
  }

  /** An option that bears a setting's name, and is not it, would ignore environment and profile. */
  @Test
  void optionsThatBearASettingsNameAreThatSetting() {
    // A stream's feed is another than that of the files; made-up events go only where one says.
    Set<String> ownOptions =
        Set.of(
            "quarantine --feed",
            "trace --star",
            "stream --feed",
            "produce --bootstrap-servers",
            "produce --topic");
    Set<String> strangers = new HashSet<>();
    for (Job job : CommandLineTest.jobs()) {
      for (OptionSpec option : job.spec().options()) {
        boolean named =
            Settings.ALL.stream()
                .flatMap(s -> s.option().stream())
                .anyMatch(o -> o.name().equals(option.name()));
        if (named && Settings.of(option).isEmpty()) {
          strangers.add(job.spec().name() + " --" + option.name());
        }
      }
    }
    assertThat(strangers).isEqualTo(ownOptions);
  }
}
