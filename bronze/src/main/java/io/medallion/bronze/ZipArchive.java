package io.medallion.bronze;

import io.medallion.core.contract.Intake;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.ChecksumVerifyingInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * A zip archive, each file of which is a file of the feed.
 *
 * <p>An archive is taken whole or not at all: before a file of it lands, {@link #verify} has seen
 * that its files follow one another from its first byte to its directory, that the directory names
 * all of them, and that each is what its checksum says.
 */
final class ZipArchive implements AutoCloseable {
  private static final int MAX_ENTRIES = 10_000;
  private static final long FREE_BYTES = 64L << 20;

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int DATA_DESCRIPTOR = 0x08074b50;
  private static final int DIRECTORY_HEADER = 0x02014b50;
  private static final int END_OF_DIRECTORY = 0x06054b50;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int END_BYTES = 22;
  private static final int FLAG_DATA_DESCRIPTOR = 8;

  private final FileStatus file;
  private final Intake intake;
  private final SeekableInput input;
  private final ZipFile zip;

  private ZipArchive(FileStatus file, Intake intake, SeekableInput input, ZipFile zip) {
    this.file = file;
    this.intake = intake;
    this.input = input;
    this.zip = zip;
  }

  /** Whether a file is an archive by its name. */
  static boolean isOne(FileStatus file) {
    return file.getPath().getName().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  /**
   * @throws DamagedFileException where it is no archive, or a damaged one
   * @throws IOException where the file cannot be read
   */
  static ZipArchive open(FileStatus file, Intake intake, Configuration hadoop) throws IOException {
    SeekableInput input =
        new SeekableInput(
            SourceFiles.fileSystem(file.getPath(), hadoop).open(file.getPath()), file.getLen());
    try {
      return new ZipArchive(
          file, intake, input, new ZipFile(input, file.getPath().getName(), "UTF-8", true));
    } catch (IOException | IllegalArgumentException e) {
      boolean failed = input.failed();
      input.close();
      if (failed) {
        throw e;
      }
      throw damaged(e.getMessage());
    }
  }

  private static DamagedFileException damaged(String how) {
    return new DamagedFileException("it is a damaged zip archive: " + how);
  }

  /** The files in it that the feed does not ignore, in the order of their paths. */
  List<ZipArchiveEntry> entries() {
    List<PathMatcher> ignored =
        intake.ignore().stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    return Collections.list(zip.getEntries()).stream()
        .filter(entry -> !entry.isDirectory())
        .filter(
            entry -> {
              for (Path part : Path.of(entry.getName().replace('\0', '_'))) {
                if (ignored.stream().anyMatch(glob -> glob.matches(part))) {
                  return false;
                }
              }
              return !intake.isMarker(name(entry));
            })
        .sorted(java.util.Comparator.comparing(ZipArchiveEntry::getName))
        .toList();
  }

  private static String name(ZipArchiveEntry entry) {
    return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
  }

  /** A file of the archive, to land. */
  Delivery delivery(ZipArchiveEntry entry) {
    return new Delivery(file.getPath() + "!/" + entry.getName(), name(entry), () -> content(entry));
  }

  private InputStream content(ZipArchiveEntry entry) throws IOException {
    return new ChecksumVerifyingInputStream(
        new CRC32(), zip.getInputStream(entry), entry.getSize(), entry.getCrc());
  }

  /**
   * @throws DamagedFileException where not every byte of the archive is accounted for
   * @throws IOException where the file cannot be read
   */
  void verify() throws IOException {
    try {
      List<ZipArchiveEntry> all = Collections.list(zip.getEntries());
      if (all.isEmpty()) {
        throw new DamagedFileException("it is a zip archive without entries");
      }
      if (all.size() > MAX_ENTRIES) {
        throw new DamagedFileException(
            "it is a zip archive of " + all.size() + " entries, and at most 10000 are read");
      }
      checkLayout(all);
      long bytes = 0;
      for (ZipArchiveEntry entry : all) {
        if (!zip.canReadEntryData(entry) || entry.isUnixSymlink()) {
          throw new DamagedFileException(
              "it is a zip archive whose entry "
                  + entry.getName()
                  + " is encrypted, a link, or compressed by a method that is not read");
        }
        bytes += entry.getSize();
        if (bytes > FREE_BYTES && bytes > file.getLen() * (long) intake.maxExpansion()) {
          throw new DamagedFileException(
              "it is a zip archive whose content is more than "
                  + intake.maxExpansion()
                  + " times as long as the file (maxExpansion of the feed)");
        }
        try (InputStream content = content(entry)) {
          long read = content.transferTo(OutputStream.nullOutputStream());
          if (read != entry.getSize()) {
            throw damaged(entry.getName() + " has " + read + " bytes of " + entry.getSize());
          }
        }
      }
    } catch (DamagedFileException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      if (input.failed()) {
        throw e;
      }
      throw damaged(e.getMessage());
    }
  }

  /** Walks over the archive from header to header. */
  private void checkLayout(List<ZipArchiveEntry> all) throws IOException {
    Set<Long> places = new HashSet<>();
    List<ZipArchiveEntry> byPlace = new ArrayList<>(all);
    byPlace.sort(java.util.Comparator.comparingLong(ZipArchiveEntry::getDataOffset));
    long at = 0;
    for (ZipArchiveEntry entry : byPlace) {
      ByteBuffer header = bytes(at, LOCAL_HEADER_BYTES);
      if (header.getInt(0) != LOCAL_HEADER) {
        throw damaged("at byte " + at + " is no header of an entry");
      }
      long data =
          at
              + LOCAL_HEADER_BYTES
              + Short.toUnsignedInt(header.getShort(26))
              + Short.toUnsignedInt(header.getShort(28));
      if (data != entry.getDataOffset() || !places.add(data)) {
        throw damaged("its directory does not name the entry at byte " + at);
      }
      at = data + entry.getCompressedSize();
      if ((header.getShort(6) & FLAG_DATA_DESCRIPTOR) != 0) {
        at += descriptorBytes(at);
      }
    }
    if (bytes(at, 4).getInt(0) != DIRECTORY_HEADER) {
      throw damaged("at byte " + at + " is neither an entry that it names nor its directory");
    }
    checkEnd(at);
  }

  /** How long a data descriptor is: its signature may be missing, and its lengths may be long. */
  private long descriptorBytes(long at) throws IOException {
    int signature = bytes(at, 4).getInt(0) == DATA_DESCRIPTOR ? 4 : 0;
    for (int length : new int[] {signature + 12, signature + 20}) {
      int next = bytes(at + length, 4).getInt(0);
      if (next == LOCAL_HEADER || next == DIRECTORY_HEADER) {
        return length;
      }
    }
    throw damaged("nothing that is known follows the entry before byte " + at);
  }

  /** Nothing may follow the end of the directory but its own comment. */
  private void checkEnd(long directory) throws IOException {
    int most = (int) Math.min(file.getLen() - directory, END_BYTES + 0xffffL);
    ByteBuffer tail = bytes(file.getLen() - most, most);
    for (int at = most - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END_OF_DIRECTORY
          && at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == most) {
        return;
      }
    }
    throw damaged("bytes follow the end of its directory");
  }

  private ByteBuffer bytes(long at, int length) throws IOException {
    if (at < 0 || at + length > file.getLen()) {
      throw damaged("it ends within an entry");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    input.position(at);
    while (bytes.hasRemaining()) {
      if (input.read(bytes) < 0) {
        throw damaged("it ends within an entry");
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
