package io.medallion.demo.orders;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Writes the records of one file and adds each of them to the truth. */
final class OrderFileWriter implements AutoCloseable {
  private final Path file;
  private final String path;
  private final FileStyle style;
  private final LineFormat format;
  private final Optional<TruthLedger> truth;
  private final OutputStream out;
  private long records;
  private long faults;
  private boolean closed;

  /**
   * @param out the output directory
   * @param path the file's path below it
   */
  OrderFileWriter(Path out, String path, FileStyle style, Optional<TruthLedger> truth)
      throws IOException {
    this.file = out.resolve(path);
    this.path = path;
    this.style = style;
    this.format = new LineFormat(style);
    this.truth = truth;
    OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    this.out = style.compressed() ? new GZIPOutputStream(bytes, 1 << 16) : bytes;
    if (style.byteOrderMark()) {
      this.out.write("\ufeff".getBytes(StandardCharsets.UTF_8));
    }
    this.out.write(CsvText.record(style.header()).getBytes(style.charset()));
    truth.ifPresent(ledger -> ledger.open(path));
  }

  void write(OrderLine line) throws IOException {
    write(line, format.fields(line));
  }

  /** Writes the same values as {@link #write(OrderLine)} in other words. */
  void writeDisguised(OrderLine line, Dice dice) throws IOException {
    Map<OrderColumn, String> fields = format.fields(line);
    format.disguise(fields, dice);
    write(line, fields);
  }

  private void write(OrderLine line, Map<OrderColumn, String> fields) throws IOException {
    write(CsvText.record(format.inFileOrder(fields)), style.charset());
    truth.ifPresent(ledger -> ledger.wellFormed(records, line, format.surplus(fields)));
  }

  /** Writes the line with a fault. */
  void writeFaulty(OrderLine line, Fault fault) throws IOException {
    Charset charset = fault == Fault.INVALID_UTF8 ? StandardCharsets.ISO_8859_1 : style.charset();
    write(fault.recordOf(line, style), charset);
    faults++;
    truth.ifPresent(ledger -> ledger.faulty(records, fault.label()));
  }

  private void write(String record, Charset charset) throws IOException {
    out.write(style.lineEnd().getBytes(StandardCharsets.US_ASCII));
    out.write(record.getBytes(charset));
    records++;
  }

  FileStyle style() {
    return style;
  }

  long records() {
    return records;
  }

  long faults() {
    return faults;
  }

  /** Ends the file. */
  GeneratedFile finish() throws IOException {
    close();
    return new GeneratedFile(path, records, faults, Files.size(file), Optional.empty());
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (style.finalLineEnd()) {
      out.write(style.lineEnd().getBytes(StandardCharsets.US_ASCII));
    }
    out.close();
  }
}
