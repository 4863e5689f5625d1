package io.medallion.core.contract;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which files of a folder a feed takes, when, and how large what they hold may be.
 *
 * @param ignore globs; files and folders whose name one of them matches are left out, unless the
 *     user named them themselves
 * @param minimumAge how long a file must have been unchanged
 * @param doneMarker the name of the file that says that a file is complete, with {@code {name}} for
 *     the file's own; absent where none does
 * @param maxRecordBytes the longest record of a file
 * @param maxFields the most names of a header
 * @param maxExpansion how many times as long as a compressed file its content may be
 */
public record Intake(
    List<String> ignore,
    Duration minimumAge,
    Optional<String> doneMarker,
    int maxRecordBytes,
    int maxFields,
    int maxExpansion) {

  /** Stands for a file's own name in the name of its marker. */
  public static final String NAME = "{name}";

  /** Hidden files, markers, and what upload tools and editors call files that are not finished. */
  public static final List<String> IGNORED =
      List.of(
          ".*",
          "_*",
          "*~",
          "*.tmp",
          "*.temp",
          "*.part",
          "*.partial",
          "*.filepart",
          "*.crdownload",
          "*.inprogress",
          "*.swp",
          "*.lock");

  public static final Intake DEFAULT =
      new Intake(
          IGNORED,
          Duration.ofSeconds(1),
          Optional.empty(),
          /* maxRecordBytes= */ 16 << 20,
          /* maxFields= */ 10_000,
          /* maxExpansion= */ 200);

  public Intake {
    ignore = List.copyOf(ignore);
    if (minimumAge.isNegative() || maxRecordBytes < 1 || maxFields < 1 || maxExpansion < 1) {
      throw new IllegalArgumentException("a limit of an intake is less than its least");
    }
  }

  /** The name of the marker of a file; absent where the feed has none. */
  public Optional<String> markerOf(String fileName) {
    return doneMarker.map(marker -> marker.replace(NAME, fileName));
  }

  /** Whether a file is a marker and no data. */
  public boolean isMarker(String fileName) {
    return doneMarker
        .map(
            marker -> {
              int at = marker.indexOf(NAME);
              return at < 0
                  ? fileName.equals(marker)
                  : fileName.length() > marker.length() - NAME.length()
                      && fileName.startsWith(marker.substring(0, at))
                      && fileName.endsWith(marker.substring(at + NAME.length()));
            })
        .orElse(false);
  }
}
