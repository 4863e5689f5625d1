package io.medallion.bronze;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Decompresses a Zstandard file of one or more frames to its last byte, or fails.
 *
 * <p>The library's own stream takes a second frame whose header is cut for the end of the file.
 */
final class ZstdFrames extends BlockInputStream {
  private static final int BUFFER_BYTES = 1 << 17;

  private final InputStream in;
  private final ZstdDecompressCtx decoder = new ZstdDecompressCtx();
  private final byte[] chunk = new byte[BUFFER_BYTES];
  private final ByteBuffer source = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private final ByteBuffer content = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private boolean betweenFrames = true;

  ZstdFrames(InputStream in) {
    this.in = in;
  }

  /**
   * @throws EOFException where the file ends within a frame
   * @throws com.github.luben.zstd.ZstdException where the file is damaged
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!content.hasRemaining()) {
      // Content of the last call may be held back by the decoder where there was no room for it.
      boolean maybeMore = !betweenFrames && content.limit() == content.capacity();
      if (!source.hasRemaining() && !maybeMore && !fill()) {
        if (betweenFrames) {
          return -1;
        }
        throw new EOFException("it ends within a frame");
      }
      content.clear();
      betweenFrames = decoder.decompressDirectByteBufferStream(content, source);
      content.flip();
    }
    int read = Math.min(length, content.remaining());
    content.get(buffer, offset, read);
    return read;
  }

  private boolean fill() throws IOException {
    int read = in.read(chunk, 0, chunk.length);
    if (read < 0) {
      return false;
    }
    source.clear();
    source.put(chunk, 0, read).flip();
    return true;
  }

  @Override
  public void close() throws IOException {
    decoder.close();
    in.close();
  }
}
