package io.medallion.core;

/**
 * A job cannot go on for a reason outside the data: problem, cause and fix in one message. Exit
 * code 1.
 */
public final class LakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LakeException(String problem, String fix, Throwable cause) {
    super(problem + "\n    fix: " + fix, cause);
  }

  public LakeException(String problem, String fix) {
    this(problem, fix, null);
  }
}
