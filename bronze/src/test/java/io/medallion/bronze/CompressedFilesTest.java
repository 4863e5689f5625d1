package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.medallion.core.Digest;
import io.medallion.core.manifest.FileLanding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compressed files are read to their last byte, or refused with the reason: never read in part. */
class CompressedFilesTest {
  private static final byte[] FIRST =
      ("id,name\n" + "1,Ann\n2,Bob\n".repeat(2_000)).getBytes(UTF_8);
  private static final byte[] SECOND = "3,Cid\n".repeat(3_000).getBytes(UTF_8);

  @TempDir private Path folder;
  private LandingFixture fixture;

  @BeforeEach
  void openFixture() {
    if (folder != null) {
      fixture = new LandingFixture(folder);
    }
  }

  private interface Compression {
    byte[] compress(byte[] bytes);
  }

  private static byte[] bzip2(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (BZip2CompressorOutputStream out =
        new BZip2CompressorOutputStream(compressed, /* blockSize= */ 1)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private static byte[] zstd(byte[] bytes) {
    // With a checksum, without which a flipped bit may pass.
    byte[] compressed = new byte[(int) Zstd.compressBound(bytes.length) + 16];
    try (com.github.luben.zstd.ZstdCompressCtx context =
        new com.github.luben.zstd.ZstdCompressCtx()) {
      context.setChecksum(true);
      return Arrays.copyOf(compressed, context.compress(compressed, bytes));
    }
  }

  private static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(packed)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static Map<String, byte[]> twoEntries() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("2024/jan.csv", "id,name\n1,Ann\n".getBytes(UTF_8));
    entries.put("2024/feb.csv", "id,name\n2,Bob\n3,Cid\n".getBytes(UTF_8));
    return entries;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] read(byte[] file) throws IOException {
    try (ReceivedBytes received = new ReceivedBytes(new ByteArrayInputStream(file))) {
      byte[] content = received.uncompressed(200).readAllBytes();
      assertThat(received.rest()).isZero();
      assertThat(received.bytes()).isEqualTo(file.length);
      return content;
    }
  }

  @Test
  void filesOfSeveralMembersLandWhole() throws IOException {
    fixture.write("a.csv.bz2", joined(bzip2(FIRST), bzip2(SECOND)));
    fixture.write("b.csv.zst", joined(zstd(FIRST), zstd("9,Zoe\n".getBytes(UTF_8))));

    List<FileLanding> files = fixture.landAll().landed();

    assertThat(files.stream().map(FileLanding::recordCount)).containsExactly(7_000L, 4_001L);
    assertThat(fixture.landed(files.get(0))).isEqualTo(joined(FIRST, SECOND));
    assertThat(files.get(1).parts().get(0).path()).endsWith("/b-00000.csv");
    assertThat(fixture.landAll().of(Outcome.Repeated.class)).hasSize(2);
  }

  /** Cut anywhere but between two members, a file is refused. */
  @Property(tries = 150)
  void aCutFileIsRefused(@ForAll boolean zstd, @ForAll @IntRange(min = 0) int cut)
      throws IOException {
    Compression compression = zstd ? CompressedFilesTest::zstd : CompressedFilesTest::bzip2;
    byte[] first = compression.compress(FIRST);
    byte[] file = joined(first, compression.compress(SECOND));
    int length = 10 + cut % (file.length - 10);
    if (length == first.length) {
      return;
    }
    assertRefused(Arrays.copyOf(file, length));
  }

  @Test
  void aCutSecondHeaderIsRefused() throws IOException {
    for (Compression compression :
        List.<Compression>of(CompressedFilesTest::zstd, CompressedFilesTest::bzip2)) {
      byte[] first = compression.compress(FIRST);
      byte[] second = compression.compress(SECOND);
      for (int bytes = 1; bytes < 10; bytes++) {
        assertRefused(joined(first, Arrays.copyOf(second, bytes)));
      }
      assertRefused(joined(first, "1,Ann\n".getBytes(UTF_8)));
    }
  }

  @Property(tries = 150)
  void aFlippedBitLosesNothing(@ForAll boolean zstd, @ForAll long seed) throws IOException {
    Compression compression = zstd ? CompressedFilesTest::zstd : CompressedFilesTest::bzip2;
    byte[] file = joined(compression.compress(FIRST), compression.compress(SECOND));
    Random random = new Random(seed);
    file[10 + random.nextInt(file.length - 10)] ^= (byte) (1 << random.nextInt(8));
    byte[] content;
    try {
      content = read(file);
    } catch (DamagedFileException refused) {
      return;
    }
    assertThat(content).isEqualTo(joined(FIRST, SECOND));
  }

  private static void assertRefused(byte[] file) throws IOException {
    try {
      byte[] content = read(file);
      throw new AssertionError("it was read, with " + content.length + " bytes");
    } catch (DamagedFileException refused) {
      assertThat(refused.getMessage()).startsWith("it is a damaged ");
    }
  }

  @Test
  void aSourceThatFailsIsNoDamagedFile() {
    byte[] file = bzip2(FIRST);
    InputStream failing =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            if (at == 60) {
              throw new java.io.EOFException("the connection was reset");
            }
            return file[at++] & 0xff;
          }
        };

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> new ReceivedBytes(failing).uncompressed(200).readAllBytes())
        .isExactlyInstanceOf(java.io.EOFException.class)
        .hasMessage("the connection was reset");
  }

  @Test
  void eachFileOfAnArchiveIsAFileOfItsOwn() throws IOException {
    Map<String, byte[]> entries = twoEntries();
    entries.put("__MACOSX/x.csv", "id,name\n7,x\n".getBytes(UTF_8));
    entries.put("readme.txt", "no header of this feed".getBytes(UTF_8));
    entries.put("mar.csv.gz", LandingFixture.gzip("id,name\n4,Dan\n".getBytes(UTF_8)));
    Path archive = fixture.write("all.zip", zip(entries));

    LandingSummary summary = fixture.landAll();

    assertThat(summary.landed().stream().map(FileLanding::sourceUri))
        .containsExactly(
            "file:" + archive + "!/2024/feb.csv",
            "file:" + archive + "!/2024/jan.csv",
            "file:" + archive + "!/mar.csv.gz");
    FileLanding february = summary.landed().get(0);
    assertThat(fixture.landed(february)).isEqualTo(entries.get("2024/feb.csv"));
    assertThat(february.contentSha256()).isEqualTo(Digest.sha256(entries.get("2024/feb.csv")));
    assertThat(february.recordCount()).isEqualTo(2);
    assertThat(summary.of(Outcome.Rejected.class).stream().map(Outcome.Rejected::sourceUri))
        .containsExactly("file:" + archive + "!/readme.txt");

    long version = fixture.manifest().version();
    fixture.write("feb.csv", entries.get("2024/feb.csv"));
    assertThat(fixture.landAll().of(Outcome.Repeated.class)).hasSize(5);
    assertThat(fixture.manifest().version()).isEqualTo(version);
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void anArchiveIsTakenWholeOrNotAtAll() throws IOException {
    byte[] whole = zip(twoEntries());
    byte[] flipped = whole.clone();
    flipped[45] ^= 1;
    Map<String, byte[]> bad = new LinkedHashMap<>();
    bad.put("a-cut.zip", Arrays.copyOf(whole, whole.length / 2));
    bad.put("b-two.zip", joined(whole, zip(Map.of("x.csv", FIRST))));
    bad.put("c-flipped.zip", flipped);
    bad.put("d-followed.zip", joined(whole, new byte[] {1, 2, 3}));
    bad.put("e-empty.zip", zip(Map.of()));
    bad.put("f-text.zip", FIRST);
    bad.put("g-zip.csv", whole);
    bad.forEach(fixture::write);

    LandingSummary summary = fixture.landAll();

    assertThat(summary.landed()).isEmpty();
    assertThat(
            summary.of(Outcome.Rejected.class).stream()
                .map(r -> Path.of(r.sourceUri()).getFileName() + ": " + r.reason()))
        .satisfiesExactly(
            r -> assertThat(r).startsWith("a-cut.zip: it is a damaged zip archive: "),
            r -> assertThat(r).startsWith("b-two.zip: it is a damaged zip archive: "),
            r -> assertThat(r).startsWith("c-flipped.zip: it is a damaged zip archive: "),
            r ->
                assertThat(r)
                    .isEqualTo(
                        "d-followed.zip: it is a damaged zip archive: bytes follow the end of its"
                            + " directory"),
            r -> assertThat(r).isEqualTo("e-empty.zip: it is a zip archive without entries"),
            r -> assertThat(r).startsWith("f-text.zip: it is a damaged zip archive: "),
            r ->
                assertThat(r)
                    .isEqualTo(
                        "g-zip.csv: it is a zip archive, which only a name that ends in .zip may"
                            + " be"));
    for (Outcome.Rejected rejected : summary.of(Outcome.Rejected.class)) {
      String name = Path.of(rejected.sourceUri()).getFileName().toString();
      assertThat(fixture.landed(rejected.file())).isEqualTo(bad.get(name));
    }
    assertThat(fixture.landAll().of(Outcome.Repeated.class)).hasSize(7);
  }

  @Test
  void whatExpandsBeyondItsBudgetIsRefused() {
    byte[] bomb = ("id,name\n" + "1," + "a".repeat(1_000) + "\n").getBytes(UTF_8);
    byte[] large = new byte[70 << 20];
    Arrays.fill(large, (byte) 'a');
    for (int at = 0; at < large.length - bomb.length; at += 1_000) {
      large[at] = '\n';
    }
    System.arraycopy(bomb, 0, large, 0, bomb.length);
    fixture.write("a.csv.gz", LandingFixture.gzip(large));
    fixture.write("b.csv.zst", Zstd.compress(large));
    fixture.write("c.zip", zip(Map.of("c.csv", large)));

    assertThat(fixture.landAll().of(Outcome.Rejected.class).stream().map(Outcome.Rejected::reason))
        .containsExactly(
            "it is a gzip file whose content is more than 200 times as long as the file"
                + " (maxExpansion of the feed)",
            "it is a Zstandard file whose content is more than 200 times as long as the file"
                + " (maxExpansion of the feed)",
            "it is a zip archive whose content is more than 200 times as long as the file"
                + " (maxExpansion of the feed)");
  }

  @Test
  void recordsAndHeadersHaveBudgets() {
    fixture.write("a.csv", "id,name\n1," + "x".repeat(5_000) + "\n");
    fixture.write("b.csv", "id,name" + ",c".repeat(40) + "\n");
    fixture.write("c.csv", "id,name\n1,x\n");

    LandingSummary summary =
        fixture
            .landing(
                OrdersFeed.contractWith("maxRecordBytes: 4096, maxFields: 30"),
                "run",
                java.time.Clock.fixed(LandingFixture.NOW, java.time.ZoneOffset.UTC))
            .land(LandingFixture.paths(folder.resolve("drop")));

    assertThat(summary.of(Outcome.Rejected.class).stream().map(Outcome.Rejected::reason))
        .containsExactly(
            "a record goes on for more than 4096 bytes: this is not delimited text",
            "its header has 42 names, more than the feed's maxFields of 30");
    assertThat(summary.landed()).hasSize(1);
  }
}
