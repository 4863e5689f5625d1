package io.medallion.testkit.s3;

/** What a {@link FaultProxy} does to a request in place of passing it on. */
public enum Fault {
  /** 503 SlowDown: S3 asks for patience. The request is not passed on. */
  SLOW_DOWN,
  /** The connection is reset. The request is not passed on. */
  RESET,
  /** The connection is reset in the middle of the answer's body. */
  CUT_BODY,
  /** The answer's body comes in two halves with a pause between them. */
  SLOW_BODY,
  /** The request is passed on and applied; the connection is reset before its answer. */
  LOST_ANSWER
}
