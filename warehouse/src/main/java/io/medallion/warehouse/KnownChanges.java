package io.medallion.warehouse;

import io.medallion.core.rows.RowImage;
import java.util.List;
import java.util.Optional;

/**
 * Changes of gold's tables that this process has in memory, since it made them: a load need not
 * read them again.
 */
@FunctionalInterface
public interface KnownChanges {
  /** Knows none. */
  KnownChanges NONE = (table, after, upTo) -> Optional.empty();

  /**
   * Every image of the rows of a table that came or went in its versions after one up to another.
   *
   * @param table the table's name in gold
   * @param after at most {@code upTo}
   * @return the images, whose rows have the columns of the table at {@code upTo} in its order;
   *     absent unless all of these versions are known
   */
  Optional<List<RowImage>> between(String table, long after, long upTo);
}
