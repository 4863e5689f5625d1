package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Digest;
import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.Receipt;
import io.medallion.core.manifest.SourceFile;
import io.medallion.core.manifest.TextFormat;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BronzeLandingTest {
  @TempDir private Path folder;
  private LandingFixture fixture;

  @BeforeEach
  void openFixture() {
    fixture = new LandingFixture(folder);
  }

  @Test
  void landsAFileUnchangedAndRecordsAllOfIt() throws IOException {
    Path source = fixture.write("orders 1.csv", LandingFixture.ORDERS);

    LandingSummary summary = fixture.land(source);

    byte[] bytes = LandingFixture.ORDERS.getBytes(UTF_8);
    FileLanding file = (FileLanding) fixture.files().get(0);
    assertThat(fixture.files()).hasSize(1).isEqualTo(summary.landed());
    assertThat(fixture.landed(file)).isEqualTo(bytes);
    assertThat(file.fileId())
        .isEqualTo(
            Digest.sha256(("orders\n" + Digest.sha256(bytes)).getBytes(UTF_8)).substring(0, 24));
    assertThat(file)
        .isEqualTo(
            new FileLanding(
                new Receipt(file.fileId(), "orders", LandingFixture.NOW, 0, "run", "1.0.0"),
                new SourceFile("file:" + source, Digest.sha256(bytes), bytes.length),
                new TextFormat("UTF-8", "LF", ",", List.of("id", "name", "note")),
                file.parts()));
    assertThat(file.ingestDate()).isEqualTo(LocalDate.of(2024, 3, 1));
    assertThat(file.recordCount()).isEqualTo(3);
    assertThat(file.parts())
        .containsExactly(new ManifestFile.Part(file.parts().get(0).path(), bytes.length, 1, 3, 13));
    assertThat(file.parts().get(0).path())
        .matches("bronze/orders/ingest_date=2024-03-01/[0-9a-f-]{13}/orders_1-00000\\.csv");
    assertThat(summary.records()).isEqualTo(3);
    assertThat(summary.bytes()).isEqualTo(bytes.length);
    assertThat(fixture.recorded()).containsExactly("[bronze,orders,0,1,0," + bytes.length + ",3]");
  }

  @Test
  void landsFilesOfDirectoriesAndGlobsOnceInTheOrderOfTheirPaths() {
    fixture.write("b.csv", "id,name\n1,b\n");
    fixture.write("a/late.csv", "id,name\n1,a\n");
    Path named = fixture.write("c/.hidden.csv", "id,name\n1,hidden\n");
    fixture.write("c/c1.txt", "id,name\n1,txt\n");
    fixture.write("c/c1.csv", "id,name\n1,c1\n");
    fixture.write("c/c2.csv", "id,name\n1,c2\n");

    LandingSummary summary =
        fixture.land(
            folder.resolve("drop/b.csv"),
            folder.resolve("drop/a"),
            folder.resolve("drop/c/*.csv"),
            folder.resolve("drop/c/c2.csv"));

    assertThat(summary.landed().stream().map(f -> Path.of(f.sourceUri()).getFileName().toString()))
        .containsExactly("late.csv", "b.csv", "c1.csv", "c2.csv");
    assertThat(summary.landed().stream().map(ManifestFile::landingSeq))
        .containsExactly(0L, 1L, 2L, 3L);
    assertThat(fixture.land(named).landed()).hasSize(1);
  }

  @Test
  void landsACompressedFileAsTheTextItHolds() throws IOException {
    byte[] compressed = LandingFixture.gzip(LandingFixture.ORDERS.getBytes(UTF_8));
    fixture.write("orders.csv.gz", compressed);

    FileLanding file = fixture.landAll().landed().get(0);

    assertThat(fixture.landed(file)).isEqualTo(LandingFixture.ORDERS.getBytes(UTF_8));
    assertThat(file.contentSha256()).isEqualTo(Digest.sha256(compressed));
    assertThat(file.sizeBytes()).isEqualTo(compressed.length);
    assertThat(file.recordCount()).isEqualTo(3);
    assertThat(file.parts().get(0).path()).endsWith("/orders-00000.csv");
  }

  @Test
  void cutsALargeFileOnlyBetweenRecords() throws IOException {
    StringBuilder text = new StringBuilder("id,name,note\r\n");
    for (int i = 1; i <= 500; i++) {
      text.append(i).append(",\"line\r\n").append("of\n".repeat(i % 7)).append("text\",\r\n");
    }
    fixture.write("large.csv", text.toString());

    FileLanding file =
        fixture
            .landingInPartsOf(256)
            .land(LandingFixture.paths(folder.resolve("drop")))
            .landed()
            .get(0);

    assertThat(fixture.landed(file)).isEqualTo(text.toString().getBytes(UTF_8));
    assertThat(file.recordCount()).isEqualTo(500);
    assertThat(file.parts()).hasSizeGreaterThan(20);
    assertThat(file.parts().stream().mapToLong(ManifestFile.Part::records).sum()).isEqualTo(500);
    long expectedFirst = 1;
    for (ManifestFile.Part part : file.parts()) {
      assertThat(part.firstRecord()).isEqualTo(expectedFirst);
      assertThat(part.skipBytes()).isEqualTo(expectedFirst == 1 ? 14 : 0);
      expectedFirst += part.records();
    }
    LandedRecords records = new LandedRecords(fixture.lake, new Configuration());
    for (long number : List.of(1L, 2L, 250L, 499L, 500L)) {
      assertThat(records.text(file, number))
          .contains(number + ",\"line\r\n" + "of\n".repeat((int) number % 7) + "text\",");
    }
    assertThat(records.text(file, 0)).isEmpty();
    assertThat(records.text(file, 501)).isEmpty();
  }

  @Test
  void landsAHeaderWithoutRecords() throws IOException {
    fixture.write("header.csv", "id,name\n");

    FileLanding file = fixture.landAll().landed().get(0);

    assertThat(file.recordCount()).isZero();
    assertThat(fixture.landed(file)).isEqualTo("id,name\n".getBytes(UTF_8));
  }

  @Test
  void recordsEncodingNewlineHeaderAndCountOfEachFile() {
    fixture.write("a-bom.csv", "\uFEFF\"ID\",Name\r\n1,Zoë\r\n");
    fixture.write(
        "b-1252.csv", "id,name\n1,Zo\u00eb\n\n".getBytes(Charset.forName("windows-1252")));
    fixture.write("c-cr.csv", "id,name\r1,x\r2,y");
    fixture.write("d-blank-first.csv", "\n ,\nid,name\n1,x\n");

    assertThat(
            fixture.landAll().landed().stream()
                .map(
                    f ->
                        f.format().encoding()
                            + " "
                            + f.format().newline()
                            + " "
                            + f.format().header()
                            + " "
                            + f.recordCount()))
        .containsExactly(
            "UTF-8 LF [ID, Name] 1",
            "windows-1252 LF [id, name] 2",
            "UTF-8 CR [id, name] 2",
            "UTF-8 LF [id, name] 1");
  }

  @Test
  void landsTheSameBytesOnceInOneRun() throws IOException {
    fixture.write("a.csv", LandingFixture.ORDERS);
    fixture.write("b.csv", LandingFixture.ORDERS);
    fixture.write("c.csv", "id,name\n9,other\n");

    LandingSummary summary = fixture.landAll();

    String id = summary.landed().get(0).fileId();
    assertThat(summary.landed()).hasSize(2).isEqualTo(fixture.files());
    assertThat(summary.of(Outcome.Repeated.class))
        .containsExactly(new Outcome.Repeated("file:" + folder.resolve("drop/b.csv"), id, true));
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void landsTheSameBytesOnceAcrossRunsAndCommitsNothingForThem() throws IOException {
    fixture.write("a.csv", LandingFixture.ORDERS);
    String id = fixture.landAll().landed().get(0).fileId();
    long manifest = fixture.manifest().version();
    long ledger = fixture.ledger().table().version();
    fixture.write("renamed.csv", LandingFixture.ORDERS);

    LandingSummary again = fixture.landAll();

    assertThat(again.outcomes())
        .containsExactly(
            new Outcome.Repeated("file:" + folder.resolve("drop/a.csv"), id, true),
            new Outcome.Repeated("file:" + folder.resolve("drop/renamed.csv"), id, true));
    assertThat(fixture.manifest().version()).isEqualTo(manifest).isEqualTo(again.manifestVersion());
    assertThat(fixture.ledger().table().version()).isEqualTo(ledger);
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
  }

  @Test
  void numbersALaterLandingHigher() {
    fixture.write("b.csv", "id,name\n1,b\n");
    fixture.landAll();
    fixture.write("a.csv", "id,name\n1,a\n");

    assertThat(fixture.landAll().landed().get(0).landingSeq()).isEqualTo(10_000_000);
    assertThat(fixture.recorded())
        .containsExactly("[bronze,orders,0,1,0,12,1]", "[bronze,orders,1,1,0,12,1]");
  }

  @Test
  void namesEverySourceThatIsNotThere() {
    fixture.write("a.csv", LandingFixture.ORDERS);

    assertThatThrownBy(
            () ->
                fixture.land(
                    folder.resolve("nowhere"), folder.resolve("drop"), folder.resolve("*.tsv")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            ("--source %1$s/nowhere: there is no such file or directory, and the pattern matches"
                    + " none\n    fix: name a file, a directory or a quoted glob such as"
                    + " '/drop/*.csv'\n"
                    + "--source %1$s/*.tsv: there is no such file or directory, and the pattern"
                    + " matches none\n    fix: name a file, a directory or a quoted glob such as"
                    + " '/drop/*.csv'")
                .formatted(folder));
    assertThat(fixture.manifest().exists()).isFalse();
  }

  @Test
  void refusesALakeThatCannotBeWritten() throws IOException {
    Path source = fixture.write("a.csv", LandingFixture.ORDERS);
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    BronzeLanding landing =
        new BronzeLanding(
            LocalSession.shared(),
            new Lake(file + "/lake"),
            fixture.ledger(),
            OrdersFeed.contract(),
            OrdersFeed.feed(),
            Clock.fixed(LandingFixture.NOW, ZoneOffset.UTC),
            "run");

    assertThatThrownBy(() -> landing.land(List.of(source.toString())))
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "the lake %1$s/lake cannot be written: Parent path is not a directory: %1$s\n"
                    .formatted(file)
                + "    fix: choose another place with --lake, or give this user the right to write"
                + " there");
  }

  @Test
  void findsItsFilesInALakeWhosePathLooksLikeItsOwnFolders() throws IOException {
    Path source = fixture.write("a.csv", LandingFixture.ORDERS);
    LandingFixture nested = new LandingFixture(folder.resolve("bronze/orders"));

    FileLanding file = nested.land(source).landed().get(0);

    assertThat(file.parts().get(0).path()).startsWith("bronze/orders/ingest_date=2024-03-01/");
    assertThat(nested.landed(file)).isEqualTo(LandingFixture.ORDERS.getBytes(UTF_8));
  }

  @Test
  void aDryRunLeavesTheLakeAlone() throws IOException {
    fixture.write("a.csv", LandingFixture.ORDERS);
    fixture.landAll();
    long version = fixture.manifest().version();
    fixture.write("b.csv", "id,name\n9,b\n");
    Lake scratch = new Lake(folder.resolve("scratch").toString());

    LandingSummary summary =
        fixture
            .preview(Clock.fixed(LandingFixture.NOW, ZoneOffset.UTC))
            .of(LandingFixture.paths(folder.resolve("drop")), scratch);

    assertThat(summary.landed().stream().map(ManifestFile::landingSeq))
        .containsExactly(10_000_000L);
    assertThat(summary.of(Outcome.Repeated.class)).hasSize(1);
    assertThat(fixture.manifest().version()).isEqualTo(version);
    assertThat(fixture.filesOfTheFeed()).isEqualTo(fixture.filesOfTheManifest());
    assertThat(folder.resolve("scratch").resolve(summary.landed().get(0).parts().get(0).path()))
        .hasContent("id,name\n9,b\n");
  }

  @Test
  void recordsALandingThatDiedBeforeItsLedgerEntry() throws IOException {
    fixture.write("a.csv", LandingFixture.ORDERS);
    fixture.write("empty.csv", "");
    fixture.landAll();
    List<String> booked = fixture.recorded();
    deleteLedger();

    LandingSummary summary = fixture.landAll();

    assertThat(summary.of(Outcome.Repeated.class)).hasSize(2);
    assertThat(fixture.recorded()).isEqualTo(booked).containsExactly("[bronze,orders,0,2,1,46,3]");
  }

  private void deleteLedger() throws IOException {
    org.apache.commons.io.FileUtils.deleteDirectory(folder.resolve("lake/ops").toFile());
    DeltaLog.clearCache();
  }

  @Test
  void readsEveryByteOfAFileOfManyBuffers() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("id,name\n".getBytes(UTF_8));
    for (int i = 0; i < 200_000; i++) {
      bytes.writeBytes((i + ",name of " + i + "\n").getBytes(UTF_8));
    }
    fixture.write("large.csv", bytes.toByteArray());

    FileLanding file = fixture.landAll().landed().get(0);

    assertThat(file.recordCount()).isEqualTo(200_000);
    assertThat(fixture.landed(file)).isEqualTo(bytes.toByteArray());
  }
}
