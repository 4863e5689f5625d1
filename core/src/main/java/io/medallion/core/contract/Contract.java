package io.medallion.core.contract;

import java.util.List;

/**
 * What one dataset promises: its columns, keys and rules, and the feeds it comes in by.
 *
 * @param id the contract's identity
 * @param version the contract's semantic version; a change of columns comes with a new one
 * @param table the table in silver that the contract describes
 * @param description what a row of the table is
 * @param columns in the order in which silver stores them
 * @param businessKey names of the columns that identify a row; records that share them are versions
 *     of one another
 * @param sequence names of the columns that say which of two versions is the later one, most
 *     significant first, absent values first; what they leave open, landing order decides
 * @param rules every rule, those derived from a column's own declarations included
 * @param feeds at least one
 * @param digest SHA-256 of the contract file, in hex: tells an edited contract from an unchanged
 *     one
 */
public record Contract(
    String id,
    String version,
    String table,
    String description,
    List<Column> columns,
    List<String> businessKey,
    List<String> sequence,
    List<Rule> rules,
    List<Feed> feeds,
    String digest) {

  public Contract {
    columns = List.copyOf(columns);
    businessKey = List.copyOf(businessKey);
    sequence = List.copyOf(sequence);
    rules = List.copyOf(rules);
    feeds = List.copyOf(feeds);
    if (businessKey.isEmpty() || feeds.isEmpty() || columns.isEmpty()) {
      throw new IllegalArgumentException(
          "contract " + id + " needs columns, a business key and a feed");
    }
  }

  /**
   * Returns the column of that name.
   *
   * @throws IllegalArgumentException where there is none
   */
  public Column column(String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(table + " has no column " + name));
  }

  /**
   * Returns the feed of that name.
   *
   * @throws IllegalArgumentException where there is none
   */
  public Feed feed(String name) {
    return feeds.stream()
        .filter(feed -> feed.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(table + " has no feed " + name));
  }

  /** Whether a feed can delete rows. */
  public boolean remembersDeletes() {
    return feeds.stream()
        .flatMap(feed -> feed.topic().stream())
        .anyMatch(topic -> topic.operation().isPresent() || topic.tombstone().isPresent());
  }

  /** Returns the name of the table in silver with the keys that were deleted, and when. */
  public String deletesTable() {
    return table + "_deletes";
  }
}
