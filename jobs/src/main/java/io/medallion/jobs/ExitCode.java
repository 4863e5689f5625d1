package io.medallion.jobs;

/** What a command tells its caller. */
final class ExitCode {
  /** Done. */
  static final int DONE = 0;

  /** The job failed; running it again goes on where it stopped. */
  static final int FAILED = 1;

  /** Options, contracts or stars are wrong; nothing was done. */
  static final int USAGE = 2;

  /** Done, but a check of severity error does not hold. */
  static final int GATE_BREACHED = 3;

  private ExitCode() {}
}
