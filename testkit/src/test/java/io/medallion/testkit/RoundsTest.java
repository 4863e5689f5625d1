package io.medallion.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final String rounds = System.getProperty("medallion.rounds");
  private final String seed = System.getProperty("medallion.seed");

  @BeforeEach
  void forget() {
    System.clearProperty("medallion.rounds");
    System.clearProperty("medallion.seed");
  }

  @AfterEach
  void remember() {
    forget();
    if (rounds != null) {
      System.setProperty("medallion.rounds", rounds);
    }
    if (seed != null) {
      System.setProperty("medallion.seed", seed);
    }
  }

  @Test
  void areWhatCiAffordsUnlessOthersAreAskedFor() {
    assertThat(Rounds.of(3)).isEqualTo(3);
    System.setProperty("medallion.rounds", "20");
    assertThat(Rounds.of(3)).isEqualTo(20);
  }

  @Test
  void noRoundsAreRefused() {
    System.setProperty("medallion.rounds", "0");
    assertThatThrownBy(() -> Rounds.of(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing would be tested");
  }

  @Test
  void theSameSeedDrawsTheSame() {
    int drawn = Rounds.random(RoundsTest.class).nextInt();
    assertThat(Rounds.random(RoundsTest.class).nextInt()).isEqualTo(drawn);
    System.setProperty("medallion.seed", "7");
    assertThat(Rounds.random(RoundsTest.class).nextInt()).isEqualTo(new Random(7).nextInt());
  }
}
