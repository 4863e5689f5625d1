package io.medallion.core;

/**
 * One mistake in what a user wrote.
 *
 * @param place file, line and column, or the option, where it is
 * @param problem what is wrong, and why
 * @param fix what to write instead
 */
public record Mistake(String place, String problem, String fix) {
  @Override
  public String toString() {
    return place + ": " + problem + "\n    fix: " + fix;
  }
}
