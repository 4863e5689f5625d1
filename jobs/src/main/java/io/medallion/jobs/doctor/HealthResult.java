package io.medallion.jobs.doctor;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import java.util.List;

/** What became of one thing that a run needs. */
public sealed interface HealthResult {
  /** Messages of libraries are cut here: their later parts repeat the first. */
  int LONGEST = 300;

  /** What was looked at. */
  String name();

  /** {@code ok}, {@code warning} or {@code failed}. */
  String state();

  /** What was found. */
  String why();

  /** How to mend it; blank where there is nothing to mend. */
  String fix();

  /** It is as a run needs it. */
  record Ok(String name, String why) implements HealthResult {
    @Override
    public String state() {
      return "ok";
    }

    @Override
    public String fix() {
      return "";
    }
  }

  /** A run works, but somebody should look at it. */
  record Warning(String name, String why, String fix) implements HealthResult {
    @Override
    public String state() {
      return "warning";
    }
  }

  /** A run would fail. */
  record Failed(String name, String why, String fix) implements HealthResult {
    @Override
    public String state() {
      return "failed";
    }
  }

  /** Every mistake that keeps a run from beginning. */
  static List<HealthResult> of(String name, ConfigurationException e) {
    return e.mistakes().stream()
        .map(
            mistake ->
                (HealthResult)
                    new Failed(name, mistake.place() + ": " + mistake.problem(), mistake.fix()))
        .toList();
  }

  /** The failure that a layer reports with problem and fix. */
  static Failed of(String name, LakeException e) {
    return new Failed(name, problem(e), fix(e));
  }

  static String problem(LakeException e) {
    return line(parts(e)[0]);
  }

  static String fix(LakeException e) {
    return parts(e).length == 2 ? line(parts(e)[1]) : "";
  }

  private static String[] parts(LakeException e) {
    return e.getMessage().split("\n    fix: ", 2);
  }

  /** An exception of a library in one line, without the package of its class. */
  static String line(Exception e) {
    return line(e.toString().replaceFirst("^([a-z0-9]+\\.)+(?=[A-Z])", ""));
  }

  /** A problem in one line, as exceptions of libraries often are not. */
  static String line(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", "; ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
