package io.medallion.silver.parse;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary encoding, with every length compared with the bytes that are left before memory is
 * taken for it: the lengths of bytes that are not Avro are anything up to gigabytes.
 */
final class BoundedDecoder extends Decoder {
  private final ByteArrayInputStream bytes;
  private final BinaryDecoder decoder;

  BoundedDecoder(byte[] value, int start) {
    this.bytes = new ByteArrayInputStream(value, start, value.length - start);
    // The direct decoder reads no byte ahead, so that the bytes that are left are known.
    this.decoder = DecoderFactory.get().directBinaryDecoder(bytes, null);
  }

  int remaining() {
    return bytes.available();
  }

  private int length() throws IOException {
    long length = decoder.readLong();
    if (length < 0 || length > bytes.available()) {
      throw new EOFException(
          "a length of " + length + " where " + bytes.available() + " bytes are left");
    }
    return (int) length;
  }

  /** Items may be of no bytes, but as many as that are no data. */
  private long items(long count) {
    if (count < 0 || count > bytes.available()) {
      throw new AvroRuntimeException(
          count + " items where " + bytes.available() + " bytes are left");
    }
    return count;
  }

  private byte[] read(int length) throws IOException {
    byte[] read = new byte[length];
    decoder.readFixed(read, 0, length);
    return read;
  }

  @Override
  public void readNull() throws IOException {
    decoder.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return decoder.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return decoder.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return decoder.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return decoder.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return decoder.readDouble();
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return new Utf8(read(length()));
  }

  @Override
  public String readString() throws IOException {
    return readString(null).toString();
  }

  @Override
  public void skipString() throws IOException {
    decoder.skipFixed(length());
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    return ByteBuffer.wrap(read(length()));
  }

  @Override
  public void skipBytes() throws IOException {
    decoder.skipFixed(length());
  }

  @Override
  public void readFixed(byte[] target, int start, int length) throws IOException {
    decoder.readFixed(target, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    decoder.skipFixed(length);
  }

  @Override
  public int readEnum() throws IOException {
    return decoder.readEnum();
  }

  @Override
  public long readArrayStart() throws IOException {
    return items(decoder.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return items(decoder.arrayNext());
  }

  @Override
  public long skipArray() throws IOException {
    return items(decoder.skipArray());
  }

  @Override
  public long readMapStart() throws IOException {
    return items(decoder.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return items(decoder.mapNext());
  }

  @Override
  public long skipMap() throws IOException {
    return items(decoder.skipMap());
  }

  @Override
  public int readIndex() throws IOException {
    return decoder.readIndex();
  }
}
