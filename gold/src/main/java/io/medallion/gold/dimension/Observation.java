package io.medallion.gold.dimension;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The state of a dimension's member on a day, as a row of the source shows it.
 *
 * @param member the business key
 * @param hash the business key's hash, by which its rows are looked up
 * @param day days since 1970-01-01
 * @param order orders the observations of one day
 * @param state what the row shows of the member; absent where it ends the member
 */
record Observation(
    List<Object> member, long hash, int day, InternalRow order, Optional<State> state) {

  /**
   * A state.
   *
   * @param tracked the tracked columns, to be compared
   * @param untracked the untracked columns, to be compared
   * @param values tracked and untracked columns, to be written
   */
  record State(List<Object> tracked, List<Object> untracked, List<Object> values) {
    @Override
    public boolean equals(Object other) {
      return other instanceof State state
          && tracked.equals(state.tracked)
          && untracked.equals(state.untracked);
    }

    @Override
    public int hashCode() {
      return 31 * tracked.hashCode() + untracked.hashCode();
    }
  }
}
