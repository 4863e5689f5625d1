package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.reader.LakeReader;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;

/** A lake and a drop folder below one directory. */
final class LandingFixture {
  static final Instant NOW = Instant.parse("2024-03-01T10:00:00Z");
  static final String ORDERS = "id,name,note\n1,Ann,\n2,Bob,\"two\nlines\"\n3,Cid,x\n";

  final Lake lake;
  private final Path lakeFolder;
  private final Path drop;

  LandingFixture(Path folder) {
    this.lakeFolder = folder.resolve("lake");
    this.lake = new Lake(lakeFolder.toString());
    this.drop = folder.resolve("drop");
  }

  Path write(String name, byte[] bytes) {
    try {
      Path file = drop.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path write(String name, String text) {
    return write(name, text.getBytes(UTF_8));
  }

  static void append(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  LandingSummary land(Object... sources) {
    return landing("run", Clock.fixed(NOW, ZoneOffset.UTC)).land(paths(sources));
  }

  LandingSummary landAll() {
    return land(drop);
  }

  static List<String> paths(Object... sources) {
    return Arrays.stream(sources).map(Object::toString).toList();
  }

  BronzeLanding landing(String runId, Clock clock) {
    return landing(OrdersFeed.contract(), runId, clock);
  }

  BronzeLanding landing(Contract contract, String runId, Clock clock) {
    return new BronzeLanding(
        LocalSession.shared(), lake, ledger(), contract, contract.feed("orders"), clock, runId);
  }

  BronzeLanding landingInPartsOf(long partBytes) {
    return new BronzeLanding(
        LocalSession.shared(),
        lake,
        ledger(),
        OrdersFeed.contract(),
        OrdersFeed.feed(),
        Clock.fixed(NOW, ZoneOffset.UTC),
        "run",
        partBytes);
  }

  LandingPreview preview(Clock clock) {
    LakeReader reader =
        new LakeReader(lake, LocalSession.shared().sparkContext().hadoopConfiguration());
    return new LandingPreview(reader, OrdersFeed.contract(), OrdersFeed.feed(), clock, "plan");
  }

  LakeTable manifest() {
    return lake.manifest(LocalSession.shared());
  }

  List<ManifestFile> files() {
    return manifest().read().orderBy("landing_seq").collectAsList().stream()
        .map(Manifest::file)
        .toList();
  }

  Ledger ledger() {
    return new Ledger(LocalSession.shared(), lake);
  }

  /** Rows of the ledger as {@code batch, files in, files rejected, bytes, records}. */
  List<String> recorded() {
    return ledger()
        .table()
        .read()
        .orderBy("batch_id")
        .select("job", "subject", "batch_id", "files_in", "files_rejected", "bytes", "rows_in")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  /** The file's parts put together. */
  byte[] landed(ManifestFile file) throws IOException {
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    for (ManifestFile.Part part : file.parts()) {
      byte[] bytes = Files.readAllBytes(lakeFolder.resolve(part.path()));
      if (bytes.length != part.bytes()) {
        throw new AssertionError(part + " holds " + bytes.length + " bytes");
      }
      together.write(bytes);
    }
    return together.toByteArray();
  }

  /** Every file below the feed's folder, by path, checksums of the file system left out. */
  TreeSet<String> filesOfTheFeed() throws IOException {
    try (Stream<Path> files = Files.walk(lakeFolder.resolve("bronze/orders"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().endsWith(".crc"))
          .map(file -> lakeFolder.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Every file that the manifest names, by path. */
  TreeSet<String> filesOfTheManifest() {
    return files().stream()
        .flatMap(file -> file.parts().stream())
        .map(ManifestFile.Part::path)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
