package io.medallion.core.lake;

import java.util.List;
import java.util.Optional;

/**
 * Changes rows of a table that are known already, with the positions of those that it loses, in one
 * commit. What a MERGE finds out, which rows there are of some keys, is known here.
 */
public interface RowDelta {

  /**
   * Commits changes. Commits of others in between that leave the rows at the changes' positions
   * alone are kept, and so are these.
   *
   * @param changes at most one for each position
   * @param label makes the commit happen once; without it every call commits
   * @return the version of the commit; -1 where nothing was committed: there are no changes, or the
   *     table has a commit of the label's application with its number or a higher one
   * @throws io.delta.exceptions.DeltaConcurrentModificationException where a row is no longer at
   *     its position, since another commit changed or moved it; nothing is committed
   * @throws IllegalArgumentException where a row does not fit the table's columns, or one that must
   *     have a value has none; nothing is committed
   */
  long commit(LakeTable table, List<RowChange> changes, Optional<CommitLabel> label);

  /**
   * The way for a table: positions where it keeps deletion vectors and nothing that only Delta's
   * own writer takes care of, MERGE otherwise.
   *
   * @param key columns that no two rows of the table have in common
   */
  static RowDelta of(LakeTable table, List<String> key) {
    return PositionDelta.suits(table) ? new PositionDelta() : new MergeDelta(key);
  }
}
