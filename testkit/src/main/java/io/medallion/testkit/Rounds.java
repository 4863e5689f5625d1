package io.medallion.testkit;

import java.util.Random;

/**
 * How often tests that draw what they do do it: as often as CI affords, and {@code
 * -Dmedallion.rounds=N} times where somebody wants to know more.
 */
public final class Rounds {
  private static final long SEED = 20261121;

  private Rounds() {}

  /**
   * The number of rounds.
   *
   * @param affordable where nothing else is asked for
   */
  public static int of(int affordable) {
    int rounds = Integer.getInteger("medallion.rounds", affordable);
    if (rounds < 1) {
      throw new IllegalArgumentException(
          "medallion.rounds is " + rounds + ", so that nothing would be tested: give 1 or more");
    }
    return rounds;
  }

  /** The seed of tests whose instants are drawn; {@code -Dmedallion.seed=N} draws others. */
  public static long seed() {
    return Long.getLong("medallion.seed", SEED);
  }

  /** Draws from that seed, which it prints, so that what failed can be drawn again. */
  public static Random random(Class<?> test) {
    long seed = seed();
    System.out.println(test.getSimpleName() + " draws from -Dmedallion.seed=" + seed);
    return new Random(seed);
  }
}
