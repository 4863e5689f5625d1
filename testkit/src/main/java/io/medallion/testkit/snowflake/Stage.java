package io.medallion.testkit.snowflake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.GZIPInputStream;

/** Uploaded files by stage and path, in memory. */
final class Stage {
  private final SortedMap<String, byte[]> files = new ConcurrentSkipListMap<>();

  void put(String key, byte[] content) {
    files.put(key(key), content);
  }

  /** Files below a stage and prefix, by key. */
  Map<String, byte[]> below(String prefix) {
    String from = key(prefix);
    return files.subMap(from, from + Character.MAX_VALUE);
  }

  void drop(String prefix) {
    below(prefix).clear();
  }

  int size() {
    return files.size();
  }

  static String text(byte[] content) throws IOException {
    boolean zipped = content.length > 1 && content[0] == 0x1f && content[1] == (byte) 0x8b;
    if (!zipped) {
      return new String(content, StandardCharsets.UTF_8);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The stage's name is in any case, paths in it are as they were written. */
  private static String key(String path) {
    String plain = path.replaceFirst("^@", "").replaceAll("/+", "/");
    int slash = plain.indexOf('/');
    return slash < 0
        ? plain.toUpperCase(Locale.ROOT)
        : plain.substring(0, slash).toUpperCase(Locale.ROOT) + plain.substring(slash);
  }
}
