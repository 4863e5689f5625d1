package io.medallion.core.contract;

import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one item of the custom property {@code feeds}. */
final class FeedReader {
  private final TopicReader topics;
  private final Mistakes mistakes;

  FeedReader(TopicReader topics, Mistakes mistakes) {
    this.topics = topics;
    this.mistakes = mistakes;
  }

  /** Returns the feed and the place of its name; absent where it has mistakes. */
  Optional<Located<Feed>> read(Node node) {
    Optional<Fields> found = Fields.of(node, "a feed", mistakes);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = found.get();
    int before = mistakes.count();
    Optional<Located<String>> name = fields.requiredText("name");
    name.ifPresent(written -> Names.checkTable("a feed", written, mistakes));
    Optional<Located<String>> kind = fields.text("kind");
    Optional<Topic> topic = Optional.empty();
    char delimiter = ',';
    Intake intake = Intake.DEFAULT;
    List<Charset> encodings = List.of(StandardCharsets.UTF_8);
    switch (kind.map(Located::value).orElse("files")) {
      case "topic" -> topic = topics.read(fields);
      case "files" -> {
        fields.requiredText("format").ifPresent(this::checkFormat);
        delimiter = fields.text("delimiter").map(this::delimiter).orElse(',');
        encodings = encodings(fields.texts("encodings"));
        intake = new IntakeReader(mistakes).read(fields);
      }
      default -> {
        mistakes.add(
            kind.orElseThrow().at(),
            "the kind `" + kind.get().value() + "` is not known",
            "write `files` or `topic`");
        return Optional.empty(); // which keys there are depends on the kind
      }
    }
    List<String> dates =
        patterns(fields, "datePatterns", DatePatterns.ISO_DATES, /* withTime= */ false);
    List<String> timestamps =
        patterns(fields, "timestampPatterns", DatePatterns.ISO_TIMESTAMPS, /* withTime= */ true);
    fields.ignore("description");
    fields.finish();
    if (mistakes.count() > before || name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Located<>(
            new Feed(name.get().value(), delimiter, encodings, dates, timestamps, topic, intake),
            name.get().at()));
  }

  private void checkFormat(Located<String> format) {
    if (!format.value().equals("csv")) {
      mistakes.add(format.at(), "the format `" + format.value() + "` is not known", "write `csv`");
    }
  }

  private char delimiter(Located<String> written) {
    String value = written.value();
    if (value.length() == 1
        && value.charAt(0) < 128
        && !Character.isLetterOrDigit(value.charAt(0))
        && "\"\r\n".indexOf(value.charAt(0)) < 0) {
      return value.charAt(0);
    }
    mistakes.add(
        written.at(),
        "'" + value + "' cannot separate fields",
        "write one ASCII character such as \",\", \";\", \"|\" or \"\\t\"");
    return ',';
  }

  private List<Charset> encodings(List<Located<String>> written) {
    List<Charset> encodings = new ArrayList<>();
    Optional<String> singleByte = Optional.empty();
    for (Located<String> name : written) {
      Optional<Charset> found = charset(name);
      if (found.isEmpty()) {
        continue;
      }
      Charset encoding = found.get();
      boolean utf8 = encoding.equals(StandardCharsets.UTF_8);
      if (encodings.contains(encoding)) {
        mistakes.add(name.at(), "`" + name.value() + "` is named twice", "remove one of the two");
      } else if (utf8 && singleByte.isPresent()) {
        mistakes.add(
            name.at(),
            "UTF-8 is never tried after `" + singleByte.get() + "`, which can decode anything",
            "name UTF-8 first");
      } else if (!utf8 && !isSingleByteAscii(encoding)) {
        mistakes.add(
            name.at(),
            "`"
                + name.value()
                + "` is neither UTF-8 nor a single-byte encoding that contains ASCII",
            "convert such files to UTF-8 before they are landed");
      } else if (!utf8 && singleByte.isPresent()) {
        mistakes.add(
            name.at(),
            "`%s` and `%s` cannot be told apart".formatted(singleByte.get(), name.value()),
            "keep one single-byte encoding, or declare a feed for each");
      } else {
        encodings.add(encoding);
        singleByte = utf8 ? singleByte : Optional.of(name.value());
      }
    }
    return encodings.isEmpty() ? List.of(StandardCharsets.UTF_8) : encodings;
  }

  private Optional<Charset> charset(Located<String> name) {
    try {
      return Optional.of(Charset.forName(name.value()));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      mistakes.add(
          name.at(),
          "the encoding `" + name.value() + "` is not known",
          "write an IANA name such as UTF-8 or windows-1252");
      return Optional.empty();
    }
  }

  private static boolean isSingleByteAscii(Charset encoding) {
    if (!encoding.canEncode() || encoding.newEncoder().maxBytesPerChar() > 1.0f) {
      return false;
    }
    byte[] ascii = new byte[128];
    for (int i = 0; i < ascii.length; i++) {
      ascii[i] = (byte) i;
    }
    return new String(ascii, encoding).equals(new String(ascii, StandardCharsets.US_ASCII));
  }

  private List<String> patterns(
      Fields fields, String key, List<String> otherwise, boolean withTime) {
    List<Located<String>> written = fields.texts(key);
    DatePatterns.check(written, withTime, mistakes);
    return written.isEmpty() ? otherwise : written.stream().map(Located::value).toList();
  }
}
