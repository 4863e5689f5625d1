package io.medallion.silver.parse;

import java.util.Optional;

/**
 * What a value of a topic holds, as texts and typed values for the contract's columns.
 *
 * @param values by column: a {@link FieldValue}, or null where the value has none
 * @param operation what the event does, where the value says so
 * @param rescued fields that the contract does not know, as a JSON object; null where there are
 *     none
 */
record EventFields(FieldValue[] values, Optional<FieldValue> operation, String rescued) {

  /** A field's value, as its format has it. */
  sealed interface FieldValue {
    /** How a message shows it. */
    String shown();
  }

  /** A text that is to be conformed. */
  record TextValue(String text) implements FieldValue {
    @Override
    public String shown() {
      return "'" + Conformer.shown(text) + "'";
    }
  }

  /** A value that is of the column's type already. */
  record TypedValue(Object value) implements FieldValue {
    @Override
    public String shown() {
      return "'" + value + "'";
    }
  }

  /** A value that no column of its type can take, such as an object. */
  record UnfitValue(String kind, String shown) implements FieldValue {}
}
