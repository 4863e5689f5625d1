package io.medallion.demo.orders;

import io.medallion.demo.orders.OrderLine.Amounts;
import io.medallion.demo.orders.TruthLedger.Accepted;
import io.medallion.demo.orders.TruthLedger.FileFate;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Writes the truth so far: UTF-8 CSV with a header, LF after each record, sorted; an empty field is
 * an absent value.
 */
public final class TruthWriter {
  private static final List<String> FACT_HEADER =
      List.of(
          "order_id",
          "row_id",
          "order_date",
          "ship_date",
          "customer_id",
          "customer_valid_from",
          "product_id",
          "product_valid_from",
          "country",
          "state",
          "city",
          "postal_code",
          "store_valid_from",
          "ship_mode",
          "order_priority",
          "sales",
          "quantity",
          "discount",
          "profit",
          "shipping_cost",
          "file",
          "record_number");

  private final Path directory;

  public TruthWriter(Path directory) {
    this.directory = directory;
  }

  public void write(TruthLedger ledger) throws IOException {
    Files.createDirectories(directory);
    List<Accepted> accepted = ledger.accepted();
    writeFates(ledger);
    writeQuarantine(ledger);
    writeTotals(ledger.files(), accepted);
    TruthDimension.Versions customers =
        writeDimension("dim_customer.csv", TruthDimension.customer(), accepted);
    TruthDimension.Versions products =
        writeDimension("dim_product.csv", TruthDimension.product(), accepted);
    TruthDimension.Versions stores =
        writeDimension("dim_store.csv", TruthDimension.store(), accepted);
    writeCsv(
        "fact_sales.csv",
        FACT_HEADER,
        accepted.stream().map(line -> fact(line, customers, products, stores)));
  }

  /** Writes silver's rows, and its deleted keys. */
  public void writeSilver(TruthLedger ledger) throws IOException {
    LineFormat format = new LineFormat(FileStyle.plain(true));
    List<String> header =
        new ArrayList<>(OrderColumn.canonical(true).stream().map(OrderColumn::snakeCase).toList());
    header.addAll(List.of("file", "record_number"));
    writeCsv(
        "sales_orders.csv",
        header,
        ledger.accepted().stream()
            .map(
                held -> {
                  Map<OrderColumn, String> fields = format.fields(held.line());
                  List<String> row =
                      new ArrayList<>(
                          OrderColumn.canonical(true).stream()
                              .map(column -> fields.getOrDefault(column, ""))
                              .toList());
                  row.addAll(List.of(held.file().path(), Long.toString(held.recordNumber())));
                  return row;
                }));
    writeCsv(
        "sales_orders_deletes.csv",
        List.of("order_id", "row_id", "updated_at", "file", "record_number"),
        ledger.deleted().stream()
            .map(
                held ->
                    List.of(
                        held.key().orderId(),
                        Long.toString(held.key().rowId()),
                        held.sequence().toString(),
                        held.file().path(),
                        Long.toString(held.recordNumber()))));
  }

  private void writeFates(TruthLedger ledger) throws IOException {
    writeCsv(
        "fates.csv",
        List.of(
            "file",
            "records",
            "accepted",
            "duplicates",
            "superseded",
            "quarantined",
            "repeated_of"),
        ledger.files().stream()
            .map(
                file ->
                    List.of(
                        file.path(),
                        Long.toString(file.records()),
                        Long.toString(file.accepted()),
                        Long.toString(file.duplicates()),
                        Long.toString(file.superseded()),
                        Long.toString(file.quarantined()),
                        file.repeatedOf().orElse(""))));
  }

  private void writeQuarantine(TruthLedger ledger) throws IOException {
    writeCsv(
        "quarantine.csv",
        List.of("file", "record_number", "fault"),
        ledger.quarantined().stream()
            .map(q -> List.of(q.path(), Long.toString(q.recordNumber()), q.fault())));
  }

  /** Sums are JSON texts, so that no reader rounds them to a binary number. */
  private void writeTotals(List<FileFate> files, List<Accepted> accepted) throws IOException {
    String json =
        """
        {
          "files": %d,
          "repeated_files": %d,
          "records": %d,
          "accepted": %d,
          "duplicates": %d,
          "superseded": %d,
          "quarantined": %d,
          "sum_sales": "%s",
          "sum_quantity": "%s",
          "sum_discount": "%s",
          "sum_profit": "%s",
          "sum_shipping_cost": "%s"
        }
        """
            .formatted(
                files.size(),
                files.stream().filter(file -> file.repeatedOf().isPresent()).count(),
                sum(files, FileFate::records),
                sum(files, FileFate::accepted),
                sum(files, FileFate::duplicates),
                sum(files, FileFate::superseded),
                sum(files, FileFate::quarantined),
                total(accepted, Amounts::sales),
                total(accepted, amounts -> BigDecimal.valueOf(amounts.quantity())),
                total(accepted, Amounts::discount),
                total(accepted, Amounts::profit),
                total(accepted, Amounts::shippingCost));
    Files.writeString(directory.resolve("totals.json"), json);
  }

  private static long sum(List<FileFate> files, ToLongFunction<FileFate> count) {
    return files.stream().mapToLong(count).sum();
  }

  private static String total(List<Accepted> accepted, Function<Amounts, BigDecimal> amount) {
    return accepted.stream()
        .map(line -> amount.apply(line.line().amounts()))
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .toPlainString();
  }

  private TruthDimension.Versions writeDimension(
      String name, TruthDimension dimension, List<Accepted> accepted) throws IOException {
    TruthDimension.Versions versions = dimension.versions(accepted);
    writeCsv(name, dimension.header(), versions.rows().stream());
    return versions;
  }

  private static List<String> fact(
      Accepted accepted,
      TruthDimension.Versions customers,
      TruthDimension.Versions products,
      TruthDimension.Versions stores) {
    OrderLine line = accepted.line();
    return List.of(
        line.key().orderId(),
        Long.toString(line.key().rowId()),
        line.orderDate().toString(),
        line.shipDate().map(LocalDate::toString).orElse(""),
        line.customer().id(),
        customers.validFrom(line).toString(),
        line.product().id(),
        products.validFrom(line).toString(),
        line.store().country(),
        line.store().state(),
        line.store().city(),
        line.store().postalCode().orElse(""),
        stores.validFrom(line).toString(),
        line.shipMode(),
        line.priority(),
        line.amounts().sales().toPlainString(),
        Integer.toString(line.amounts().quantity()),
        line.amounts().discount().toPlainString(),
        line.amounts().profit().toPlainString(),
        line.amounts().shippingCost().toPlainString(),
        accepted.file().path(),
        Long.toString(accepted.recordNumber()));
  }

  private void writeCsv(String name, List<String> header, Stream<List<String>> rows)
      throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(directory.resolve(name))) {
      out.write(CsvText.record(header));
      out.write('\n');
      for (List<String> row : (Iterable<List<String>>) rows::iterator) {
        out.write(CsvText.record(row));
        out.write('\n');
      }
    }
  }
}
