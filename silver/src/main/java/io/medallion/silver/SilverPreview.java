package io.medallion.silver;

import static org.apache.spark.sql.functions.expr;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.reader.LakeReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What silver would do with files, without doing it.
 *
 * @param accounts as the ledger would have them, per file
 * @param affectedKeys distinct business keys among the rows that silver would gain, by name of the
 *     set
 */
public record SilverPreview(List<FileAccount> accounts, Map<String, Long> affectedKeys) {

  private static final long MOST_RECORDS = 100_000;

  public SilverPreview {
    accounts = List.copyOf(accounts);
  }

  /**
   * Files and the root below which their parts lie.
   *
   * @param root of the lake, or of a scratch folder laid out like one
   */
  public record Source(String root, List<ManifestFile> files) {}

  /**
   * Processes files against silver as it is now, and writes nothing, without a Spark session.
   *
   * @param keys Spark SQL expressions over the contract's columns, by name of the set
   * @return absent where there are too many records for the memory of one process, or events of
   *     topics, so that a session is needed
   */
  public static Optional<SilverPreview> withoutSession(
      LakeReader lake,
      LedgerReader ledger,
      Contract contract,
      List<Source> sources,
      Map<String, List<String>> keys) {
    List<ManifestFile> files = sources.stream().flatMap(source -> source.files().stream()).toList();
    if (files.isEmpty()) {
      return Optional.of(new SilverPreview(List.of(), Map.of()));
    }
    return SilverBatch.records(files) > MOST_RECORDS
            || files.stream().anyMatch(EventLanding.class::isInstance)
        ? Optional.empty()
        : Optional.of(LocalPreview.of(lake, ledger, contract, sources, keys));
  }

  /**
   * Processes files against silver as it is now, and writes nothing.
   *
   * @param keys Spark SQL expressions over the contract's columns, by name of the set
   */
  public static SilverPreview of(
      SparkSession spark,
      Lake lake,
      Ledger ledger,
      Contract contract,
      List<Source> sources,
      Map<String, List<String>> keys) {
    Map<String, Long> landed = new LinkedHashMap<>();
    List<Dataset<Row>> parsed = new ArrayList<>();
    for (Source source : sources) {
      Map<String, List<ManifestFile>> byFeed =
          source.files().stream().collect(Collectors.groupingBy(ManifestFile::feed));
      byFeed.forEach(
          (feed, files) ->
              parsed.add(
                  Records.ofFiles(spark, source.root(), contract, contract.feed(feed), files)));
      source.files().forEach(file -> landed.put(file.fileId(), file.recordCount()));
    }
    if (parsed.isEmpty()) {
      return new SilverPreview(List.of(), Map.of());
    }
    Dataset<Row> records = parsed.stream().reduce(Dataset::unionByName).orElseThrow();
    boolean oneTask =
        SilverBatch.fitOneTask(spark, sources.stream().flatMap(s -> s.files().stream()).toList());
    try (SilverBatch batch =
        new SilverBatch(
            contract, ExistingKeys.of(spark, lake, ledger, contract), records, oneTask)) {
      Map<String, Long> affected = new LinkedHashMap<>();
      keys.forEach(
          (name, expressions) ->
              affected.put(
                  name,
                  batch
                      .rowsToWrite()
                      .select(expressions.stream().map(e -> expr(e)).toArray(Column[]::new))
                      .distinct()
                      .count()));
      return new SilverPreview(batch.accounts(landed), affected);
    }
  }
}
