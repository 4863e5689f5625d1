package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.Digest;
import io.medallion.core.LakeException;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.csv.CsvRecords;
import io.medallion.core.csv.Encodings;
import io.medallion.core.csv.Header;
import io.medallion.core.csv.RecordTooLongException;
import io.medallion.core.lake.Lake;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.Receipt;
import io.medallion.core.manifest.ReceivedFile;
import io.medallion.core.manifest.Rejection;
import io.medallion.core.manifest.SourceFile;
import io.medallion.core.manifest.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Lands one file: hashes, checks, counts and cuts it at record boundaries while its bytes pass
 * once.
 *
 * <p>Memory does not grow with the file. The result is not in the manifest yet; what {@link
 * #discard} has not removed and no manifest names is never read.
 */
public final class FileLander {
  private static final int BUFFER_BYTES = 1 << 18;
  public static final int FILE_ID_DIGITS = 24;

  private final Lake lake;
  private final Contract contract;
  private final Feed feed;
  private final Configuration hadoop;
  private final Clock clock;
  private final String runId;
  private final long partBytes;

  FileLander(
      Lake lake,
      Contract contract,
      Feed feed,
      Configuration hadoop,
      Clock clock,
      String runId,
      long partBytes) {
    this.lake = lake;
    this.contract = contract;
    this.feed = feed;
    this.hadoop = hadoop;
    this.clock = clock;
    this.runId = runId;
    this.partBytes = partBytes;
  }

  /**
   * Lands or rejects a file, or each file of an archive; landing numbers are given when the
   * manifest is written.
   *
   * @param known what the manifest has already; it does not land again
   */
  List<Outcome> land(FileStatus source, FileManifest.Known known) {
    String uri = source.getPath().toString();
    try {
      List<Outcome> outcomes = landOnce(source, known);
      FileStatus after = SourceFiles.current(source, hadoop);
      if (unchanged(source, after)) {
        return outcomes;
      }
      discardAll(outcomes);
      outcomes = landOnce(after, known);
      if (unchanged(after, SourceFiles.current(source, hadoop))) {
        return outcomes;
      }
      discardAll(outcomes);
      return List.of(
          new Outcome.Deferred(
              uri, "it changed while it was read, twice: run again when its writer is done"));
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of(new Outcome.Failed(uri, String.valueOf(e.getMessage())));
    }
  }

  private List<Outcome> landOnce(FileStatus source, FileManifest.Known known) throws IOException {
    Delivery file =
        new Delivery(
            source.getPath().toString(), source.getPath().getName(), () -> open(source.getPath()));
    if (!ZipArchive.isOne(source)) {
      return List.of(land(file, source.getLen(), known));
    }
    List<Outcome> outcomes = new ArrayList<>();
    try (ZipArchive archive = ZipArchive.open(source, feed.intake(), hadoop)) {
      archive.verify();
      for (ZipArchiveEntry entry : archive.entries()) {
        outcomes.add(land(archive.delivery(entry), entry.getSize(), known));
      }
      return outcomes;
    } catch (DamagedFileException e) {
      discardAll(outcomes);
      ReceivedBytes received = receive(file);
      received.close();
      return List.of(
          afterEarlier(
              outcome(
                  received(
                      file,
                      received,
                      clock.instant(),
                      new Scan(),
                      Optional.of(e.getMessage()),
                      List.of())),
              Optional.ofNullable(known.bySha256().get(received.digest()))));
    } catch (IOException e) {
      discardAll(outcomes);
      throw e;
    }
  }

  private Outcome land(Delivery file, long sizeBytes, FileManifest.Known known) throws IOException {
    Optional<ReceivedFile> earlier = repeated(file, sizeBytes, known);
    if (earlier.isPresent() && earlier.get().landed()) {
      return new Outcome.Repeated(file.uri(), earlier.get().fileId(), true);
    }
    ReceivedFile landed = landOnce(file);
    if (landed.sizeBytes() != sizeBytes) {
      discard(landed);
      return new Outcome.Deferred(
          file.uri(), "it changed while it was read: run again when its writer is done");
    }
    return afterEarlier(outcome(landed), earlier);
  }

  /** A file that is rejected for the reason for which it was before is not recorded again. */
  private Outcome afterEarlier(Outcome outcome, Optional<ReceivedFile> earlier) {
    return earlier.isPresent()
            && earlier.get() instanceof Rejection before
            && outcome instanceof Outcome.Rejected rejected
            && rejected.reason().equals(before.reason())
        ? discardRepeated(rejected.file())
        : outcome;
  }

  private Optional<ReceivedFile> repeated(Delivery file, long sizeBytes, FileManifest.Known known) {
    if (!known.sizes().contains(sizeBytes)) {
      return Optional.empty();
    }
    try (ReceivedBytes received = receive(file)) {
      return Optional.ofNullable(known.bySha256().get(received.digest()));
    } catch (IOException e) {
      // Landing it says why it cannot be read.
      return Optional.empty();
    }
  }

  private void discardAll(List<Outcome> outcomes) throws IOException {
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Landed landed) {
        discard(landed.file());
      } else if (outcome instanceof Outcome.Rejected rejected) {
        discard(rejected.file());
      }
    }
  }

  private static boolean unchanged(FileStatus before, FileStatus after) {
    return before.getLen() == after.getLen()
        && before.getModificationTime() == after.getModificationTime()
        && etag(before).equals(etag(after));
  }

  /**
   * The ETag, which changes when an object is replaced within one second of its modification time.
   */
  private static Optional<String> etag(FileStatus file) {
    return file instanceof EtagSource source
        ? Optional.ofNullable(source.getEtag())
        : Optional.empty();
  }

  private static Outcome outcome(ReceivedFile file) {
    return file instanceof FileLanding landing
        ? new Outcome.Landed(landing)
        : new Outcome.Rejected((Rejection) file);
  }

  private ReceivedFile landOnce(Delivery source) throws IOException {
    Instant now = clock.instant();
    Path folder = uniqueFolder(lake.landing(feed.name(), LocalDate.ofInstant(now, ZoneOffset.UTC)));
    PartWriter parts =
        new PartWriter(
            folder,
            relative(folder.toString()),
            safeName(source.name()).replaceAll("\\.(csv|txt|gz|bz2|zst)", ""),
            hadoop,
            partBytes);
    Optional<String> reason;
    Scan scan = new Scan();
    ReceivedBytes received = receive(source);
    try (received;
        parts) {
      reason = scan(received, parts, scan);
      if (reason.isEmpty() && received.rest() > 0) {
        reason = Optional.of("bytes follow what it is compressed to");
      }
    } catch (DamagedFileException | RecordTooLongException e) {
      reason = Optional.of(e.getMessage());
    }
    if (reason.isPresent()) {
      delete(folder);
    }
    return received(source, received, now, scan, reason, parts.parts());
  }

  private ReceivedFile received(
      Delivery source,
      ReceivedBytes received,
      Instant now,
      Scan scan,
      Optional<String> reason,
      List<ManifestFile.Part> parts)
      throws IOException {
    SourceFile file = new SourceFile(source.uri(), received.digest(), received.bytes());
    String fileId = Digest.sha256((feed.name() + "\n" + file.sha256()).getBytes(UTF_8));
    Receipt receipt =
        new Receipt(
            fileId.substring(0, FILE_ID_DIGITS), feed.name(), now, 0, runId, contract.version());
    TextFormat format =
        new TextFormat(
            scan.encoding.map(Charset::name).orElse(""),
            scan.newline,
            String.valueOf(feed.delimiter()),
            scan.header);
    return reason.isPresent()
        ? new Rejection(receipt, file, format, reason.get(), List.of(keepAside(source, now)))
        : new FileLanding(receipt, file, format, parts);
  }

  /** What one pass over a file found out. */
  private static final class Scan {
    private Optional<Charset> encoding = Optional.empty();
    private String newline = "";
    private List<String> header = List.of();
  }

  /** Returns why the file cannot be this feed's, or nothing. */
  private Optional<String> scan(ReceivedBytes received, PartWriter parts, Scan scan)
      throws IOException {
    CsvRecords records =
        CsvRecords.ofFile(
            received.uncompressed(feed.intake().maxExpansion()),
            feed.delimiter(),
            feed.intake().maxRecordBytes());
    Encodings encodings = new Encodings(feed.encodings());
    do {
      if (!records.next()) {
        return Optional.of(received.bytes() == 0 ? "it is empty" : "it holds no header");
      }
      parts.write(records, false);
    } while (records.blank());
    scan.newline = records.newline().name();
    Optional<String> unfit = readHeader(records, encodings, scan);
    if (unfit.isPresent()) {
      return unfit;
    }
    records.expectFields(scan.header.size());
    while (records.next()) {
      encodings.observe(records.buffer(), records.start(), records.contentEnd());
      parts.write(records, true);
    }
    scan.encoding = encodings.decide();
    return scan.encoding.isPresent()
        ? Optional.empty()
        : Optional.of("its text is in none of the feed's encodings " + feed.encodings());
  }

  private Optional<String> readHeader(CsvRecords records, Encodings encodings, Scan scan) {
    byte[] bytes = records.content();
    for (byte b : bytes) {
      if (b == 0) {
        return Optional.of("it is binary, or UTF-16: its first line holds NUL bytes");
      }
    }
    if (records.broken()) {
      return Optional.of("its header has an unbalanced quote");
    }
    boolean byteOrderMark =
        bytes.length >= 3
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    int from = byteOrderMark ? 3 : 0;
    if (byteOrderMark) {
      encodings.observeByteOrderMark();
    }
    encodings.observe(bytes, from, bytes.length);
    Charset charset = encodings.decide().orElse(UTF_8);
    List<String> names =
        CsvRecords.split(bytes, from, bytes.length, feed.delimiter(), charset).stream()
            .map(String::strip)
            .toList();
    if (names.size() > feed.intake().maxFields()) {
      return Optional.of(
          "its header has "
              + names.size()
              + " names, more than the feed's maxFields of "
              + feed.intake().maxFields());
    }
    List<String> missing = Header.match(contract, names).missing(contract);
    if (!missing.isEmpty()) {
      return Optional.of(
          "its header lacks the required column"
              + (missing.size() > 1 ? "s " : " ")
              + String.join(", ", missing));
    }
    scan.header = names;
    return Optional.empty();
  }

  private ManifestFile.Part keepAside(Delivery source, Instant now) throws IOException {
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    Path target = new Path(uniqueFolder(lake.rejected(feed.name(), day)), safeName(source.name()));
    long bytes;
    try (InputStream in = source.content().open();
        OutputStream out = target.getFileSystem(hadoop).create(target, true, BUFFER_BYTES)) {
      bytes = in.transferTo(out);
    }
    return new ManifestFile.Part(relative(target.toString()), bytes, 0, 0, 0);
  }

  /** Removes what a landing wrote that will not be in the manifest. */
  void discard(ReceivedFile file) throws IOException {
    for (ManifestFile.Part part : file.parts()) {
      delete(new Path(lake.root() + "/" + part.path()).getParent());
    }
  }

  /** Removes what a landing wrote of a file that the manifest has already. */
  Outcome discardRepeated(ReceivedFile file) {
    try {
      discard(file);
    } catch (IOException e) {
      throw new LakeException(
          "a repeated landing of " + file.sourceUri() + " cannot be removed: " + e.getMessage(),
          "give this user the right to delete below " + lake.root() + "/bronze",
          e);
    }
    return new Outcome.Repeated(file.sourceUri(), file.fileId(), file.landed());
  }

  private void delete(Path path) throws IOException {
    path.getFileSystem(hadoop).delete(path, true);
  }

  private String relative(String path) {
    return path.substring(path.lastIndexOf("bronze/" + feed.name() + "/"));
  }

  /** A folder of a landing's own: what it wrote can be removed without a look at other landings. */
  private static Path uniqueFolder(String parent) {
    return new Path(parent, UUID.randomUUID().toString().substring(0, 13));
  }

  private static String safeName(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private InputStream open(Path path) throws IOException {
    return SourceFiles.fileSystem(path, hadoop).open(path, BUFFER_BYTES);
  }

  private static ReceivedBytes receive(Delivery source) throws IOException {
    return new ReceivedBytes(source.content().open());
  }
}
