package io.medallion.bronze;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Formats that files are compressed or packed in, known by their first bytes. */
enum CompressedFormat {
  GZIP("a gzip file", "1f8b", true),
  BZIP2("a bzip2 file", "425a68..314159265359", true),
  EMPTY_BZIP2("a bzip2 file without content", "425a68..177245385090", false),
  ZSTD("a Zstandard file", "28b52ffd", true),
  ZIP("a zip archive", "504b0304", false),
  EMPTY_ZIP("a zip archive without entries", "504b0506", false),
  XZ("an xz file", "fd377a585a00", false),
  SEVEN_ZIP("a 7z archive", "377abcaf271c", false),
  RAR("a rar archive", "526172211a07", false),
  LZ4("an lz4 file", "04224d18", false);

  /** No format's first bytes are more than these. */
  static final int MAGIC_BYTES = 10;

  private final String label;
  private final String magic;
  private final boolean decoded;

  /**
   * @param magic the first bytes in hex, as a regular expression
   */
  CompressedFormat(String label, String magic, boolean decoded) {
    this.label = label;
    this.magic = magic;
    this.decoded = decoded;
  }

  /** The format of a file that begins so; absent where it is none of these. */
  static Optional<CompressedFormat> of(byte[] first) {
    String begin = HexFormat.of().formatHex(first);
    return Arrays.stream(values())
        .filter(format -> Pattern.compile(format.magic).matcher(begin).lookingAt())
        .findFirst();
  }

  /** What a file of it is, with an article. */
  String label() {
    return label;
  }

  /** Whether {@link #decoder} reads it as one text. */
  boolean isDecoded() {
    return decoded;
  }

  /** A stream of the content, to the last byte of the last member, or a failure. */
  InputStream decoder(BufferedInputStream in) throws IOException {
    return switch (this) {
      case GZIP -> new GzipMembers(in);
      case BZIP2 -> new BZip2CompressorInputStream(in, /* decompressConcatenated= */ true);
      case ZSTD -> new ZstdFrames(in);
      default -> throw new IllegalStateException(label + " is not read as one text");
    };
  }
}
