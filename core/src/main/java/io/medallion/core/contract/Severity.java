package io.medallion.core.contract;

/** What happens to a record (or a star) that breaks a rule. */
public enum Severity {
  /** The record is quarantined; a dataset check of this severity breaches the quality gate. */
  ERROR,
  /** The record is accepted and marked; a dataset check of this severity is reported only. */
  WARN
}
