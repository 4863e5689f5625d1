package io.medallion.demo.orders;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * How one file is written.
 *
 * @param charset its encoding
 * @param byteOrderMark whether it begins with one; only in UTF-8
 * @param lineEnd what ends a record
 * @param columns its known columns in the file's order
 * @param spelling the header of a column
 * @param surplusColumn whether it has a last column that the contract lacks
 * @param dates the pattern of its dates
 * @param compressed whether it is a gzip file
 * @param finalLineEnd whether its last record ends like the others
 */
public record FileStyle(
    Charset charset,
    boolean byteOrderMark,
    String lineEnd,
    List<OrderColumn> columns,
    Function<OrderColumn, String> spelling,
    boolean surplusColumn,
    DateTimeFormatter dates,
    boolean compressed,
    boolean finalLineEnd) {

  private static final DateTimeFormatter DAY_FIRST = DateTimeFormatter.ofPattern("dd-MM-uuuu");
  private static final DateTimeFormatter MONTH_FIRST = DateTimeFormatter.ofPattern("M/d/uuuu");

  public FileStyle {
    columns = List.copyOf(columns);
    if (byteOrderMark && !charset.equals(StandardCharsets.UTF_8)) {
      throw new IllegalArgumentException("no byte order mark in " + charset);
    }
  }

  /** UTF-8, canonical header, ISO dates, LF. */
  public static FileStyle plain(boolean updatedAt) {
    return new FileStyle(
        StandardCharsets.UTF_8,
        false,
        "\n",
        OrderColumn.canonical(updatedAt),
        OrderColumn::header,
        false,
        DateTimeFormatter.ISO_LOCAL_DATE,
        false,
        true);
  }

  /** The style of the n-th file, counted from 0: the first eight differ, then three take turns. */
  static FileStyle ofFile(long n, boolean updatedAt) {
    FileStyle plain = plain(updatedAt);
    return switch ((int) (n < 8 ? n : 8 + n % 3)) {
      case 0 -> plain.with(DAY_FIRST);
      case 1, 8 -> plain.windowsLines(StandardCharsets.UTF_8, true).with(MONTH_FIRST);
      case 2 -> plain.in(Vocabulary.NARROWEST).with(DAY_FIRST);
      case 3 -> plain.reordered(OrderColumn::snakeCase);
      case 4 -> plain.withSurplusColumn().spelt(FileStyle::subCategoryWithUnderscore);
      case 5 -> plain.gzipped();
      case 6 -> plain.windowsLines(Vocabulary.NARROWEST, false).with(MONTH_FIRST);
      case 7, 9 -> plain.withoutFinalLineEnd().with(DAY_FIRST);
      default -> plain.reordered(FileStyle::subCategoryWithUnderscore);
    };
  }

  List<String> header() {
    List<String> header = new ArrayList<>(columns.stream().map(spelling).toList());
    if (surplusColumn) {
      header.add("Loyalty Points");
    }
    return header;
  }

  String fileExtension() {
    return compressed ? ".csv.gz" : ".csv";
  }

  private static String subCategoryWithUnderscore(OrderColumn column) {
    return column == OrderColumn.SUB_CATEGORY ? "Sub_Category" : column.header();
  }

  private FileStyle with(DateTimeFormatter newDates) {
    return new FileStyle(
        charset,
        byteOrderMark,
        lineEnd,
        columns,
        spelling,
        surplusColumn,
        newDates,
        compressed,
        finalLineEnd);
  }

  private FileStyle in(Charset newCharset) {
    return new FileStyle(
        newCharset,
        false,
        lineEnd,
        columns,
        spelling,
        surplusColumn,
        dates,
        compressed,
        finalLineEnd);
  }

  private FileStyle windowsLines(Charset newCharset, boolean newByteOrderMark) {
    return new FileStyle(
        newCharset,
        newByteOrderMark,
        "\r\n",
        columns,
        spelling,
        surplusColumn,
        dates,
        compressed,
        finalLineEnd);
  }

  private FileStyle spelt(Function<OrderColumn, String> newSpelling) {
    return new FileStyle(
        charset,
        byteOrderMark,
        lineEnd,
        columns,
        newSpelling,
        surplusColumn,
        dates,
        compressed,
        finalLineEnd);
  }

  private FileStyle reordered(Function<OrderColumn, String> newSpelling) {
    List<OrderColumn> reversed = new ArrayList<>(columns);
    Collections.reverse(reversed);
    return new FileStyle(
        charset,
        byteOrderMark,
        lineEnd,
        reversed,
        newSpelling,
        surplusColumn,
        dates,
        compressed,
        finalLineEnd);
  }

  private FileStyle withSurplusColumn() {
    return new FileStyle(
        charset, byteOrderMark, lineEnd, columns, spelling, true, dates, compressed, finalLineEnd);
  }

  private FileStyle gzipped() {
    return new FileStyle(
        charset,
        byteOrderMark,
        lineEnd,
        columns,
        spelling,
        surplusColumn,
        dates,
        true,
        finalLineEnd);
  }

  private FileStyle withoutFinalLineEnd() {
    return new FileStyle(
        charset,
        byteOrderMark,
        lineEnd,
        columns,
        spelling,
        surplusColumn,
        dates,
        compressed,
        false);
  }
}
