package io.medallion.core.contract;

import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import java.nio.file.FileSystems;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Reads which files a feed takes, from the keys of the feed. */
final class IntakeReader {
  private static final int DAY_SECONDS = 86_400;

  private final Mistakes mistakes;

  IntakeReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  Intake read(Fields fields) {
    List<Located<String>> ignore = fields.texts("ignore");
    ignore.forEach(this::checkGlob);
    Optional<Located<String>> marker = fields.text("doneMarker");
    marker.ifPresent(this::checkMarker);
    Intake otherwise = Intake.DEFAULT;
    return new Intake(
        fields.node("ignore").isPresent()
            ? ignore.stream().map(Located::value).toList()
            : otherwise.ignore(),
        Duration.ofSeconds(
            whole(
                fields,
                "minimumAgeSeconds",
                0,
                DAY_SECONDS,
                (int) otherwise.minimumAge().toSeconds())),
        marker.map(Located::value),
        whole(fields, "maxRecordBytes", 1024, 128 << 20, otherwise.maxRecordBytes()),
        whole(fields, "maxFields", 1, 100_000, otherwise.maxFields()),
        whole(fields, "maxExpansion", 1, 100_000, otherwise.maxExpansion()));
  }

  private int whole(Fields fields, String key, int least, int most, int otherwise) {
    Optional<Located<Integer>> written = fields.whole(key);
    if (written.isEmpty()) {
      return otherwise;
    }
    int value = written.get().value();
    if (value < least || value > most) {
      mistakes.add(
          written.get().at(),
          "`" + key + "` is " + value,
          "write " + least + " to " + most + ", or leave it out for " + otherwise);
      return otherwise;
    }
    return value;
  }

  private void checkGlob(Located<String> glob) {
    try {
      if (glob.value().isBlank() || glob.value().contains("/")) {
        throw new PatternSyntaxException("it is compared with names, not with paths", "", -1);
      }
      FileSystems.getDefault().getPathMatcher("glob:" + glob.value());
    } catch (PatternSyntaxException e) {
      mistakes.add(
          glob.at(),
          "'" + glob.value() + "' is no pattern of file names: " + e.getDescription(),
          "write one such as \"*.tmp\" or \"_*\"");
    }
  }

  private void checkMarker(Located<String> marker) {
    if (marker.value().isBlank()
        || marker.value().contains("/")
        || marker.value().equals(Intake.NAME)) {
      mistakes.add(
          marker.at(),
          "'" + marker.value() + "' cannot be a file beside the one that it is about",
          "write a name such as \"_SUCCESS\", or one made of the file's such as \"{name}.done\"");
    }
  }
}
