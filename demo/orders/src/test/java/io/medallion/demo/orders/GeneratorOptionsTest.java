package io.medallion.demo.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GeneratorOptionsTest {
  private static final Path OUT = Path.of("out");

  @Test
  void defaultsAreDocumentedOnes() {
    assertThat(GeneratorOptions.of(500, OUT))
        .isEqualTo(new GeneratorOptions(500, OUT, 1, 0.02, 0, false, true));
  }

  @Test
  void eachWitherChangesItsOwnOption() {
    assertThat(
            GeneratorOptions.of(500, OUT)
                .withSeed(7)
                .withFaultRate(0.1)
                .withIncrementPercent(3)
                .withUpdatedAt()
                .withoutTruth())
        .isEqualTo(new GeneratorOptions(500, OUT, 7, 0.1, 3, true, false));
  }

  @Test
  void reportsAllOptionsThatAreOutOfRange() {
    assertThatThrownBy(() -> new GeneratorOptions(99, OUT, 1, 0.6, -1, false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "orders is 99; it must lie between 100 and 20000000; "
                + "faultRate is 0.6; it must lie between 0 and 0.5; "
                + "incrementPercent is -1.0; it must lie between 0 and 100");
  }

  @Test
  void refusesRatesThatAreNoNumbers() {
    assertThatThrownBy(() -> GeneratorOptions.of(500, OUT).withFaultRate(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("faultRate is NaN; it must lie between 0 and 0.5");
  }
}
