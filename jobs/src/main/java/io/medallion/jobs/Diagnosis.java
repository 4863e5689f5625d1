package io.medallion.jobs;

/** What became of one thing that a run needs. */
sealed interface Diagnosis {
  /** What was looked at. */
  String name();

  /** {@code ok}, {@code warning} or {@code failed}. */
  String state();

  /** What was found. */
  String why();

  /** How to mend it; blank where there is nothing to mend. */
  String fix();

  /** It is as a run needs it. */
  record Ok(String name, String why) implements Diagnosis {
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
  record Warning(String name, String why, String fix) implements Diagnosis {
    @Override
    public String state() {
      return "warning";
    }
  }

  /** A run would fail. */
  record Failed(String name, String why, String fix) implements Diagnosis {
    @Override
    public String state() {
      return "failed";
    }
  }

  /** A problem in one line, as exceptions of libraries often are not. */
  static String line(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
