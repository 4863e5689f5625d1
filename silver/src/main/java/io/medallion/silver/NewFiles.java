package io.medallion.silver;

import static org.apache.spark.sql.functions.col;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.Entry;
import io.medallion.core.ledger.Ledger;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * Landed files of a contract that silver has not processed: from the manifest's log since the
 * version that the last ledger entry names; where it names none, as an entry of a stream, or the
 * log does not tell, all that have no account in the ledger.
 */
final class NewFiles {
  /** The name in an entry's versions of the manifest, up to which all files are processed. */
  static final String MANIFEST = "bronze.manifest";

  private final LakeTable manifest;
  private final Ledger ledger;
  private final Contract contract;
  private final Set<String> feeds;

  NewFiles(LakeTable manifest, Ledger ledger, Contract contract) {
    this.manifest = manifest;
    this.ledger = ledger;
    this.contract = contract;
    this.feeds = contract.feeds().stream().map(Feed::name).collect(Collectors.toSet());
  }

  /** Rows of the manifest that silver is to read. */
  Column condition() {
    return col("status").equalTo(Manifest.LANDED).and(col("feed").isin(feeds.toArray()));
  }

  /** Those of the manifest as it is now, in the order in which they landed. */
  List<ManifestFile> find() {
    Optional<Long> processed =
        ledger
            .last(SilverStream.JOB, contract.table())
            .map(Entry::versions)
            .map(versions -> versions.get(MANIFEST));
    Optional<List<Row>> added = processed.flatMap(manifest::rowsAddedSince);
    return added.isPresent()
        ? files(added.get())
        : unaccounted(files(manifest.rowsWithin().where(condition()).collectAsList()));
  }

  /** Files in the order in which they landed. */
  List<ManifestFile> files(Collection<Row> rows) {
    return rows.stream()
        .filter(row -> row.getAs("status").equals(Manifest.LANDED))
        .filter(row -> feeds.contains(row.<String>getAs("feed")))
        .map(Manifest::file)
        .sorted(Comparator.comparingLong(ManifestFile::landingSeq))
        .toList();
  }

  /** Files that no batch has accounted for. */
  List<ManifestFile> unaccounted(List<ManifestFile> files) {
    if (files.isEmpty()) {
      return files;
    }
    Set<String> known =
        ledger.accounted(
            SilverStream.JOB, contract.table(), files.stream().map(ManifestFile::fileId).toList());
    return files.stream().filter(file -> !known.contains(file.fileId())).toList();
  }
}
