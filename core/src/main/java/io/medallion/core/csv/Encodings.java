package io.medallion.core.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.List;
import java.util.Optional;

/**
 * Decides which of a feed's encodings a file is in, from its records.
 *
 * <p>ASCII records say nothing. The others are valid UTF-8 or they are not; the larger group
 * decides for the file, and the records of the smaller group are for quarantine: a record is never
 * decoded by guess. Not thread-safe.
 */
public final class Encodings {
  private final List<Charset> accepted;
  private final Optional<Charset> singleByte;
  private final CharsetDecoder utf8 = strict(UTF_8);
  private final Optional<CharsetDecoder> single;
  private CharBuffer scratch = CharBuffer.allocate(1 << 12);

  private boolean byteOrderMark;
  private long utf8Records;
  private long otherRecords;
  private long singleByteRecords;

  public Encodings(List<Charset> accepted) {
    this.accepted = List.copyOf(accepted);
    this.singleByte = accepted.stream().filter(charset -> !charset.equals(UTF_8)).findFirst();
    this.single = singleByte.map(Encodings::strict);
  }

  private static CharsetDecoder strict(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** Takes a byte order mark into account: it means UTF-8, whatever the records are. */
  public void observeByteOrderMark() {
    byteOrderMark = true;
  }

  /** Takes a record into account. */
  public void observe(byte[] bytes, int from, int to) {
    if (ascii(bytes, from, to)) {
      return;
    }
    if (decodes(utf8, bytes, from, to)) {
      utf8Records++;
    } else {
      otherRecords++;
      if (single.isPresent() && decodes(single.get(), bytes, from, to)) {
        singleByteRecords++;
      }
    }
  }

  /**
   * The file's encoding, after all records were observed; absent where none of the accepted fits.
   */
  public Optional<Charset> decide() {
    boolean utf8Accepted = accepted.contains(UTF_8);
    if (byteOrderMark) {
      return utf8Accepted ? Optional.of(UTF_8) : Optional.empty();
    }
    if (utf8Records + otherRecords == 0) {
      return Optional.of(accepted.get(0));
    }
    if (utf8Accepted && utf8Records >= otherRecords) {
      return Optional.of(UTF_8);
    }
    if (!utf8Accepted) {
      return singleByte;
    }
    return 2 * singleByteRecords >= otherRecords && singleByteRecords > 0
        ? singleByte
        : Optional.empty();
  }

  /**
   * Says why a record of a file in {@code fileEncoding} cannot be decoded for certain.
   *
   * @return the reason, or empty where it can
   */
  public Optional<String> doubt(Charset fileEncoding, byte[] bytes, int from, int to) {
    if (ascii(bytes, from, to)) {
      return Optional.empty();
    }
    boolean validUtf8 = decodes(utf8, bytes, from, to);
    if (fileEncoding.equals(UTF_8)) {
      return validUtf8
          ? Optional.empty()
          : Optional.of("holds bytes that are not UTF-8, in a file that is");
    }
    if (validUtf8 && accepted.contains(UTF_8)) {
      return Optional.of("is UTF-8, in a file that is " + fileEncoding.name());
    }
    return single.isPresent() && decodes(single.get(), bytes, from, to)
        ? Optional.empty()
        : Optional.of("holds bytes that " + fileEncoding.name() + " does not define");
  }

  private static boolean ascii(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean decodes(CharsetDecoder decoder, byte[] bytes, int from, int to) {
    if (scratch.capacity() < to - from) {
      scratch = CharBuffer.allocate(to - from);
    }
    scratch.clear();
    decoder.reset();
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes, from, to - from), scratch, true);
    return !result.isError();
  }
}
