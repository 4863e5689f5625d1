package io.medallion.core.lake;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What makes a commit happen once: of the commits of one application, a table takes only those
 * whose number is higher than that of the last one.
 *
 * @param application Delta's {@code txnAppId}
 * @param number Delta's {@code txnVersion}
 * @param userMetadata text that the table's history keeps with the commit
 */
public record CommitLabel(String application, long number, Optional<String> userMetadata) {
  public CommitLabel {
    requireNonNull(userMetadata, "userMetadata");
    if (application.isBlank()) {
      throw new IllegalArgumentException("a labelled commit names its application");
    }
    if (number < 0) {
      throw new IllegalArgumentException(
          application + ": commits are numbered from 0, not " + number);
    }
  }

  /** A label without a text in the history. */
  public static CommitLabel of(String application, long number) {
    return new CommitLabel(application, number, Optional.empty());
  }
}
