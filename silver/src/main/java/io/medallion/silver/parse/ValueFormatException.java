package io.medallion.silver.parse;

/** A topic's value is not of the feed's format; the message says why. Never leaves the parser. */
final class ValueFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String rule;

  /**
   * @param rule the name under which it is quarantined
   */
  ValueFormatException(String rule, String message) {
    super(message);
    this.rule = rule;
  }

  String rule() {
    return rule;
  }
}
