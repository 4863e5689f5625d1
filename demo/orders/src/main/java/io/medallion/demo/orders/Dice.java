package io.medallion.demo.orders;

import java.util.List;
import java.util.SplittableRandom;

/** Random choices that follow from the numbers it was made of, whatever else was drawn before. */
public final class Dice {
  private final SplittableRandom random;

  private Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * @param seed the generation's seed
   * @param purpose keeps the draws of one use apart from those of another
   * @param numbers what the draws are for, such as an order's number
   */
  public static Dice of(long seed, String purpose, long... numbers) {
    long mixed = mix(seed ^ purpose.hashCode() * 0x9E3779B97F4A7C15L);
    for (long number : numbers) {
      mixed = mix(mixed + number * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
    }
    return new Dice(mixed);
  }

  /** From 0 to {@code bound - 1}. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** From 0 to {@code bound - 1}. */
  public long below(long bound) {
    return random.nextLong(bound);
  }

  public int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** From 0 to {@code bound - 1}, small numbers far more often than large ones. */
  int skewedBelow(int bound) {
    double x = random.nextDouble();
    return (int) (bound * x * x);
  }

  public <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
