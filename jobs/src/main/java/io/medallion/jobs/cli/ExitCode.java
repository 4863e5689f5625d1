package io.medallion.jobs.cli;

/** The exit codes of the commands. */
public final class ExitCode {
  /** Done. */
  public static final int DONE = 0;

  /** The job failed; running it again goes on where it stopped. */
  public static final int FAILED = 1;

  /** Options, contracts or stars are wrong; nothing was done. */
  public static final int USAGE = 2;

  /** Done, but a check of severity error does not hold. */
  public static final int GATE_BREACHED = 3;

  /** Done, but a delivery was refused: a file was kept aside, since no feed can take it. */
  public static final int DELIVERY_REFUSED = 4;

  private ExitCode() {}
}
