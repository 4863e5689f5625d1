package io.medallion.demo.orders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What to generate. Equal options give byte-identical output, except for where it is written.
 *
 * @param orders number of orders of the base files, from {@value #MIN_ORDERS} to {@value
 *     #MAX_ORDERS}; an order has 2.5 lines on average
 * @param out directory that receives the output; it must be empty or absent
 * @param seed what all randomness follows from
 * @param faultRate share of faulty records among all records, from 0 to 0.5
 * @param incrementPercent size of the increment in percent of the base records, from 0 (none) to
 *     100
 * @param updatedAt whether the files carry a 25th column {@code Updated At}, by which any landing
 *     order of the files has the same final content
 * @param truth whether the truth is written too; it is in memory until the end
 */
public record GeneratorOptions(
    long orders,
    Path out,
    long seed,
    double faultRate,
    double incrementPercent,
    boolean updatedAt,
    boolean truth) {

  /** Fewer orders could not show every feature of the data. */
  public static final long MIN_ORDERS = 100;

  public static final long MAX_ORDERS = 20_000_000;

  /**
   * @throws IllegalArgumentException naming every option that is out of range
   */
  public GeneratorOptions {
    Objects.requireNonNull(out, "out");
    List<String> mistakes = new ArrayList<>();
    if (orders < MIN_ORDERS || orders > MAX_ORDERS) {
      mistakes.add(
          "orders is %d; it must lie between %d and %d".formatted(orders, MIN_ORDERS, MAX_ORDERS));
    }
    if (!(faultRate >= 0 && faultRate <= 0.5)) {
      mistakes.add("faultRate is %s; it must lie between 0 and 0.5".formatted(faultRate));
    }
    if (!(incrementPercent >= 0 && incrementPercent <= 100)) {
      mistakes.add(
          "incrementPercent is %s; it must lie between 0 and 100".formatted(incrementPercent));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }

  /**
   * Options with seed 1, two percent of faulty records, no increment, without {@code Updated At},
   * with truth.
   */
  public static GeneratorOptions of(long orders, Path out) {
    return new GeneratorOptions(orders, out, 1, 0.02, 0, false, true);
  }

  public GeneratorOptions withSeed(long newSeed) {
    return new GeneratorOptions(
        orders, out, newSeed, faultRate, incrementPercent, updatedAt, truth);
  }

  public GeneratorOptions withFaultRate(double newFaultRate) {
    return new GeneratorOptions(
        orders, out, seed, newFaultRate, incrementPercent, updatedAt, truth);
  }

  public GeneratorOptions withIncrementPercent(double newIncrementPercent) {
    return new GeneratorOptions(
        orders, out, seed, faultRate, newIncrementPercent, updatedAt, truth);
  }

  public GeneratorOptions withUpdatedAt() {
    return new GeneratorOptions(orders, out, seed, faultRate, incrementPercent, true, truth);
  }

  public GeneratorOptions withoutTruth() {
    return new GeneratorOptions(orders, out, seed, faultRate, incrementPercent, updatedAt, false);
  }
}
