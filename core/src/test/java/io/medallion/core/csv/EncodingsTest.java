package io.medallion.core.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EncodingsTest {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final byte[] ASCII = "plain".getBytes(UTF_8);
  private static final byte[] UTF8_UMLAUT = "Müller".getBytes(UTF_8);
  private static final byte[] LATIN_UMLAUT = "Müller".getBytes(WINDOWS_1252);
  // 0x81 is a character neither of UTF-8 here nor of windows-1252.
  private static final byte[] NEITHER = {'a', (byte) 0x81, 'b'};

  @Test
  void takesTheFirstEncodingForAFileOfAscii() {
    assertThat(decided(List.of(UTF_8, WINDOWS_1252), ASCII, ASCII)).contains(UTF_8);
    assertThat(decided(List.of(WINDOWS_1252), ASCII)).contains(WINDOWS_1252);
    assertThat(decided(List.of(UTF_8))).contains(UTF_8);
  }

  @Test
  void takesUtf8WhereTheRecordsAre() {
    assertThat(decided(List.of(UTF_8, WINDOWS_1252), ASCII, UTF8_UMLAUT)).contains(UTF_8);
  }

  @Test
  void takesTheSingleByteEncodingWhereTheRecordsAreNotUtf8() {
    assertThat(decided(List.of(UTF_8, WINDOWS_1252), ASCII, LATIN_UMLAUT)).contains(WINDOWS_1252);
  }

  @Test
  void letsTheLargerGroupOfAMixedFileDecide() {
    List<Charset> both = List.of(UTF_8, WINDOWS_1252);

    assertThat(decided(both, LATIN_UMLAUT, UTF8_UMLAUT, LATIN_UMLAUT)).contains(WINDOWS_1252);
    assertThat(decided(both, UTF8_UMLAUT, LATIN_UMLAUT, UTF8_UMLAUT)).contains(UTF_8);
    assertThat(decided(both, UTF8_UMLAUT, LATIN_UMLAUT)).contains(UTF_8);
  }

  @Test
  void findsNoEncodingWhereNoneFits() {
    assertThat(decided(List.of(UTF_8), LATIN_UMLAUT)).isEmpty();
    assertThat(decided(List.of(UTF_8, WINDOWS_1252), NEITHER, NEITHER, LATIN_UMLAUT)).isEmpty();
  }

  @Test
  void takesAByteOrderMarkForUtf8WhateverTheRecordsAre() {
    Encodings both = new Encodings(List.of(UTF_8, WINDOWS_1252));
    both.observeByteOrderMark();
    both.observe(LATIN_UMLAUT, 0, LATIN_UMLAUT.length);
    Encodings windowsOnly = new Encodings(List.of(WINDOWS_1252));
    windowsOnly.observeByteOrderMark();

    assertThat(both.decide()).contains(UTF_8);
    assertThat(windowsOnly.decide()).isEmpty();
  }

  @Test
  void doubtsNothingInAscii() {
    Encodings encodings = new Encodings(List.of(UTF_8, WINDOWS_1252));

    assertThat(doubt(encodings, UTF_8, ASCII)).isEmpty();
    assertThat(doubt(encodings, WINDOWS_1252, ASCII)).isEmpty();
  }

  @Test
  void doubtsARecordThatIsNotInItsFilesEncoding() {
    Encodings encodings = new Encodings(List.of(UTF_8, WINDOWS_1252));

    assertThat(doubt(encodings, UTF_8, UTF8_UMLAUT)).isEmpty();
    assertThat(doubt(encodings, UTF_8, LATIN_UMLAUT))
        .contains("holds bytes that are not UTF-8, in a file that is");
    assertThat(doubt(encodings, WINDOWS_1252, LATIN_UMLAUT)).isEmpty();
    assertThat(doubt(encodings, WINDOWS_1252, UTF8_UMLAUT))
        .contains("is UTF-8, in a file that is windows-1252");
    assertThat(doubt(encodings, WINDOWS_1252, NEITHER))
        .contains("holds bytes that windows-1252 does not define");
  }

  @Test
  void trustsTheSingleByteEncodingOfAFeedWithoutUtf8() {
    Encodings encodings = new Encodings(List.of(WINDOWS_1252));

    assertThat(decided(List.of(WINDOWS_1252), UTF8_UMLAUT)).contains(WINDOWS_1252);
    assertThat(doubt(encodings, WINDOWS_1252, UTF8_UMLAUT)).isEmpty();
  }

  @Test
  void looksAtTheGivenBytesOnly() {
    Encodings encodings = new Encodings(List.of(UTF_8));
    byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xBC, (byte) 0xFF};

    assertThat(encodings.doubt(UTF_8, bytes, 1, 4)).isEmpty();
    assertThat(encodings.doubt(UTF_8, bytes, 1, 3)).isPresent();
  }

  private static Optional<Charset> decided(List<Charset> accepted, byte[]... records) {
    Encodings encodings = new Encodings(accepted);
    for (byte[] record : records) {
      encodings.observe(record, 0, record.length);
    }
    return encodings.decide();
  }

  private static Optional<String> doubt(Encodings encodings, Charset file, byte[] bytes) {
    return encodings.doubt(file, bytes, 0, bytes.length);
  }
}
