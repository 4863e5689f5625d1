package io.medallion.testkit.skips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class SkipsTest {
  private final TreeSet<String> unlisted = new TreeSet<>();

  /** Run below only, for its name is no test's. */
  static class Skipping {
    @Test
    void passes() {}

    @Test
    void isAborted() {
      Assumptions.assumeTrue(false, "it rains");
    }

    @Test
    @Disabled("it is off")
    void isDisabled() {}
  }

  private Skips skips(String allowed, boolean fails) {
    Skips skips = new Skips(AllowedSkips.parse(allowed), unlisted, fails);
    LauncherFactory.create(
            LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(skips)
                .build())
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(Skipping.class))
                .build());
    return skips;
  }

  @Test
  void whatIsSkippedOutsideTheListFailsTheRun() {
    Skips skips = skips("SkipsTest$Skipping#other  why", true);
    assertThatThrownBy(() -> skips.intercept(() -> "done"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SkipsTest$Skipping#isAborted (Assumption failed: it rains)")
        .hasMessageContaining("SkipsTest$Skipping#isDisabled (it is off)")
        .hasMessageNotContaining("#passes");
  }

  @Test
  void whatTheListAllowsDoesNot() {
    assertThat(skips("SkipsTest$Skipping#is*  why", true).intercept(() -> "done"))
        .isEqualTo("done");
  }

  @Test
  void andNothingDoesWhereNobodyAsks() {
    assertThat(skips("", false).intercept(() -> "done")).isEqualTo("done");
    assertThat(unlisted).hasSize(2);
  }
}
