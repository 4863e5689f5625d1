package io.medallion.demo.orders;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Files that cannot be order files. */
final class RejectedSamples {
  private static final int BINARY_BYTES = 4096;
  private static final int LINES = 50;

  private final Path directory;
  private final long seed;
  private final OrderBook book;
  private final FileStyle style;

  RejectedSamples(Path directory, long seed, OrderBook book, FileStyle style) {
    this.directory = directory;
    this.seed = seed;
    this.book = book;
    this.style = style;
  }

  /** Writes them and returns their paths, sorted. */
  List<Path> write() throws IOException {
    Files.createDirectories(directory);
    byte[] compressed = gzip(text(style.columns()));
    return List.of(
        sample("binary.csv", binary()),
        sample("empty.csv", new byte[0]),
        sample("header-only.csv", bytes(CsvText.record(style.header()) + style.lineEnd())),
        sample(
            "missing-column.csv",
            bytes(
                text(
                    style.columns().stream()
                        .filter(column -> column != OrderColumn.SALES)
                        .toList()))),
        sample("truncated.csv.gz", Arrays.copyOf(compressed, compressed.length / 2)));
  }

  private Path sample(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content);
  }

  private String text(List<OrderColumn> columns) {
    LineFormat format = new LineFormat(style);
    StringBuilder text = new StringBuilder();
    text.append(CsvText.record(columns.stream().map(style.spelling()).toList()))
        .append(style.lineEnd());
    for (int i = 0; i < LINES; i++) {
      var fields = format.fields(book.line(book.base(i, 0), 1, 0));
      List<String> values = new ArrayList<>(columns.stream().map(fields::get).toList());
      text.append(CsvText.record(values)).append(style.lineEnd());
    }
    return text.toString();
  }

  /** Every byte value in no order, NUL among them. */
  private byte[] binary() {
    Dice dice = Dice.of(seed, "binary");
    byte[] content = new byte[BINARY_BYTES];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) dice.below(256);
    }
    return content;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes(text));
    }
    return compressed.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
