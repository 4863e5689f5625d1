package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Nothing of a gzip file is lost: it is decompressed to its last byte, or it fails. */
class GzipMembersTest {
  private static final byte[] FIRST = lines(1, 3_000);
  private static final byte[] SECOND = lines(3_001, 6_000);

  private static byte[] lines(int from, int to) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i <= to; i++) {
      lines.append(i).append(",Ann\n");
    }
    return lines.toString().getBytes(UTF_8);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] twoMembers() {
    return joined(LandingFixture.gzip(FIRST), LandingFixture.gzip(SECOND));
  }

  private static GzipMembers members(InputStream in) {
    return new GzipMembers(new BufferedInputStream(in, 1 << 12));
  }

  private static byte[] decompressed(byte[] file) throws IOException {
    return members(new ByteArrayInputStream(file)).readAllBytes();
  }

  @Test
  void everyMemberIsRead() throws IOException {
    assertThat(decompressed(twoMembers())).isEqualTo(joined(FIRST, SECOND));
  }

  @Test
  void zerosMayFollow() throws IOException {
    assertThat(decompressed(joined(twoMembers(), new byte[5_000])))
        .isEqualTo(joined(FIRST, SECOND));
  }

  @Test
  void anEmptyMemberIsAMember() throws IOException {
    assertThat(decompressed(joined(LandingFixture.gzip(new byte[0]), LandingFixture.gzip(SECOND))))
        .isEqualTo(SECOND);
  }

  @Test
  void bytesThatAreNoMemberAreNotPassedOver() {
    assertThatThrownBy(() -> decompressed(joined(twoMembers(), "1,Ann\n".getBytes(UTF_8))))
        .isInstanceOf(ZipException.class)
        .hasMessage("bytes that are neither gzip nor zeros follow a whole member");
    assertThatThrownBy(() -> decompressed(joined(twoMembers(), new byte[] {0, 0, 1})))
        .isInstanceOf(ZipException.class)
        .hasMessage("bytes that are neither gzip nor zeros follow a whole member");
  }

  @Test
  void aCutSecondHeaderSaysSo() {
    byte[] file = twoMembers();
    int first = LandingFixture.gzip(FIRST).length;
    for (int bytes = 1; bytes < 10; bytes++) {
      byte[] cut = Arrays.copyOf(file, first + bytes);
      assertThatThrownBy(() -> decompressed(cut))
          .as("%d bytes of the second header", bytes)
          .isInstanceOf(IOException.class)
          .satisfies(e -> assertThat(e).isInstanceOfAny(EOFException.class, ZipException.class));
    }
  }

  /** Cut anywhere but between two members, a file is refused. */
  @Property(tries = 200)
  void aCutFileIsRefused(@ForAll @IntRange(min = 2) int cut) throws IOException {
    byte[] file = twoMembers();
    int length = cut % file.length;
    if (length < 2 || length == LandingFixture.gzip(FIRST).length) {
      return;
    }
    assertThatThrownBy(() -> decompressed(Arrays.copyOf(file, length)))
        .isInstanceOfAny(EOFException.class, ZipException.class);
  }

  /** A flipped bit is refused, or in a field of a header that says nothing of the content. */
  @Property(tries = 200)
  void aFlippedBitLosesNothing(@ForAll long seed) throws IOException {
    byte[] file = twoMembers();
    Random random = new Random(seed);
    int at = 2 + random.nextInt(file.length - 2);
    file[at] ^= (byte) (1 << random.nextInt(8));
    byte[] read;
    try {
      read = decompressed(file);
    } catch (EOFException | ZipException refused) {
      return;
    }
    assertThat(read).as("byte %d of %d", at, file.length).isEqualTo(joined(FIRST, SECOND));
  }

  @Test
  void aSourceThatFailsIsNoDamagedFile() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the disk is gone");
          }
        };
    assertThatThrownBy(() -> members(failing).readAllBytes())
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the disk is gone");
  }
}
