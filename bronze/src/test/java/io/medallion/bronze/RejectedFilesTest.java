package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.manifest.ManifestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectedFilesTest {
  @TempDir private Path folder;
  private LandingFixture fixture;

  @BeforeEach
  void openFixture() {
    fixture = new LandingFixture(folder);
  }

  @Test
  void keepsFilesThatCannotBeTheFeedsAsideAndLandsTheOthers() throws IOException {
    byte[] compressed =
        LandingFixture.gzip(("id,name\n" + "1,Ann\n".repeat(10_000)).getBytes(UTF_8));
    byte[] damaged = compressed.clone();
    damaged[damaged.length - 6] ^= 1;
    Map<String, byte[]> bad = new LinkedHashMap<>();
    bad.put("a-empty.csv", new byte[0]);
    bad.put("b-blank.csv", "\n , \n".getBytes(UTF_8));
    bad.put("c-binary.csv", new byte[] {'P', 'K', 3, 4, 0, 0, 8, '\n', 1});
    bad.put("d-utf16.csv", "id,name\n1,Ann\n".getBytes(UTF_16));
    bad.put("e-no-id.csv", "name,note\nAnn,x\n".getBytes(UTF_8));
    bad.put("f-other.csv", "a;b\n1;2\n".getBytes(UTF_8));
    bad.put("g-cut.csv.gz", Arrays.copyOf(compressed, compressed.length / 2));
    bad.put("h-cut-header.csv.gz", Arrays.copyOf(compressed, 5));
    bad.put("i-damaged.csv.gz", damaged);
    bad.put(
        "j-undecodable.csv",
        new byte[] {'i', 'd', ',', 'n', 'a', 'm', 'e', '\n', '1', ',', (byte) 0x81, '\n'});
    bad.put("k-quote.csv", "id,\"name\n1,Ann\n".getBytes(UTF_8));
    bad.forEach(fixture::write);
    fixture.write("z-good.csv", LandingFixture.ORDERS);

    LandingSummary summary = fixture.landAll();

    assertThat(
            summary.of(Outcome.Rejected.class).stream()
                .map(r -> Path.of(r.sourceUri()).getFileName() + ": " + r.reason()))
        .containsExactly(
            "a-empty.csv: it is empty",
            "b-blank.csv: it holds no header",
            "c-binary.csv: it is a zip archive, which only a name that ends in .zip may be",
            "d-utf16.csv: it is binary, or UTF-16: its first line holds NUL bytes",
            "e-no-id.csv: its header lacks the required column id",
            "f-other.csv: its header lacks the required columns id, name",
            "g-cut.csv.gz: it is a damaged gzip file: it ends within its compressed data",
            "h-cut-header.csv.gz: it is a damaged gzip file: it ends within its header",
            "i-damaged.csv.gz: it is a damaged gzip file: Gzip-compressed data is corrupt (CRC32 error)",
            "j-undecodable.csv: its text is in none of the feed's encodings [UTF-8, windows-1252]",
            "k-quote.csv: its header has an unbalanced quote");
    assertThat(summary.landed()).hasSize(1);
    assertThat(fixture.files()).hasSize(12);
    for (ManifestFile file : fixture.files()) {
      byte[] original = bad.get(Path.of(file.sourceUri()).getFileName().toString());
      if (original != null) {
        assertThat(fixture.landed(file)).isEqualTo(original);
        assertThat(file.sizeBytes()).isEqualTo(original.length);
        assertThat(file.recordCount()).isZero();
        assertThat(file.parts().get(0).path())
            .startsWith("bronze/orders/rejected/ingest_date=2024-03-01/");
      }
    }
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
    assertThat(fixture.recorded().get(0)).startsWith("[bronze,orders,0,12,11,").endsWith(",3]");
  }

  @Test
  void commitsNothingForAFileThatIsRejectedAgain() throws IOException {
    fixture.write("bad.csv", "name\nAnn\n");
    String id = fixture.landAll().of(Outcome.Rejected.class).get(0).file().fileId();
    long version = fixture.manifest().version();
    fixture.write("renamed.csv", "name\nAnn\n");

    Clock nextDay = Clock.fixed(LandingFixture.NOW.plus(Duration.ofDays(1)), ZoneOffset.UTC);
    LandingSummary again =
        fixture.landing("run-2", nextDay).land(LandingFixture.paths(folder.resolve("drop")));

    assertThat(again.outcomes())
        .containsExactly(
            new Outcome.Repeated("file:" + folder.resolve("drop/bad.csv"), id, false),
            new Outcome.Repeated("file:" + folder.resolve("drop/renamed.csv"), id, false));
    assertThat(fixture.manifest().version()).isEqualTo(version);
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void rejectsTheSameBytesOnceInOneRun() throws IOException {
    fixture.write("bad.csv", "name\nAnn\n");
    fixture.write("more/bad.csv", "name\nAnn\n");
    fixture.write("other.csv", "name\nAnn\n");

    LandingSummary summary = fixture.landAll();

    assertThat(summary.of(Outcome.Rejected.class)).hasSize(1);
    assertThat(summary.of(Outcome.Repeated.class)).hasSize(2);
    assertThat(fixture.files()).hasSize(1);
    assertThat(fixture.landed(fixture.files().get(0))).isEqualTo("name\nAnn\n".getBytes(UTF_8));
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void landsARejectedFileOnceTheContractAdmitsIt() {
    fixture.write("nameless.csv", "id\n1\n");
    ManifestFile rejected = fixture.landAll().of(Outcome.Rejected.class).get(0).file();

    LandingSummary summary =
        fixture
            .landing(
                OrdersFeed.contractWithoutName(),
                "run-2",
                Clock.fixed(LandingFixture.NOW, ZoneOffset.UTC))
            .land(LandingFixture.paths(folder.resolve("drop")));

    assertThat(summary.landed().stream().map(ManifestFile::fileId))
        .containsExactly(rejected.fileId());
    assertThat(fixture.files().stream().map(ManifestFile::landed)).containsExactly(false, true);
  }
}
