package io.medallion.testkit.skips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AllowedSkipsTest {
  private final AllowedSkips allowed =
      AllowedSkips.parse(
          """
          # why
          Whole          needs a thing
          Part#some*     needs another
          """);

  @Test
  void aClassOnTheListMayBeSkippedWithItsMethods() {
    assertThat(allowed.allow("Whole")).isTrue();
    assertThat(allowed.allow("Whole#any")).isTrue();
    assertThat(allowed.allow("WholeMore")).isFalse();
    assertThat(allowed.allow("NotWhole")).isFalse();
  }

  @Test
  void ofAClassWithListedMethodsOnlyThoseMayBe() {
    assertThat(allowed.allow("Part#someMethod")).isTrue();
    assertThat(allowed.allow("Part#other")).isFalse();
    assertThat(allowed.allow("Part")).isFalse();
  }

  @Test
  void anEntryWithoutAReasonIsRefused() {
    assertThatThrownBy(() -> AllowedSkips.parse("Whole\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no reason is given why Whole may be skipped");
  }

  @Test
  void theListOfTheRepositoryIsRead() {
    assertThat(AllowedSkips.shipped().allow("SnowflakeAccountTest")).isTrue();
    assertThat(AllowedSkips.shipped().allow("AllowedSkipsTest")).isFalse();
  }
}
