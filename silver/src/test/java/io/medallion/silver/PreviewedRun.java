package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import io.medallion.core.ledger.FileAccount;
import io.medallion.core.ledger.LedgerReader;
import io.medallion.core.manifest.Manifest;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.TableSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs silver, after a preview without a session has said what every file's account will gain. */
final class PreviewedRun {
  private PreviewedRun() {}

  static void of(SilverFixture fixture) {
    Contract contract = fixture.contract;
    LakeReader before = fixture.reader();
    Map<String, FileAccount> accountsBefore = LedgerReader.of(before).accounts(contract.table());
    List<ManifestFile> pending =
        fixture.lake.manifest(fixture.spark).read().collectAsList().stream()
            .map(Manifest::file)
            .filter(file -> file.landed() && !accountsBefore.containsKey(file.fileId()))
            .toList();
    Optional<SilverPreview> preview =
        SilverPreview.withoutSession(
            before,
            LedgerReader.of(before),
            contract,
            List.of(new SilverPreview.Source(fixture.lake.root(), pending)),
            Map.of("ids", List.of("id")));

    fixture.run();

    if (preview.isPresent()) {
      Map<String, FileAccount> expected = new TreeMap<>(accountsBefore);
      preview.get().accounts().forEach(a -> expected.merge(a.fileId(), a, FileAccount::plus));
      assertThat(new TreeMap<>(LedgerReader.of(fixture.reader()).accounts(contract.table())))
          .isEqualTo(expected);
    }
    assertSameDeletes(fixture, contract);
  }

  /** The table of deletes, of which other tests have none, is read as Spark reads it. */
  private static void assertSameDeletes(SilverFixture fixture, Contract contract) {
    LakeTable deletes =
        fixture.lake.table(fixture.spark, Lake.Layer.SILVER, contract.deletesTable());
    if (deletes.exists()) {
      TableSnapshot read =
          fixture.reader().table(Lake.Layer.SILVER, contract.deletesTable()).latest().orElseThrow();
      assertThat(
              read
                  .collect(
                      read.columns(), Bounds.NONE, row -> row.text("id") + row.number("_batch_id"))
                  .stream()
                  .sorted())
          .containsExactlyElementsOf(
              deletes.read().selectExpr("concat(id, _batch_id)").collectAsList().stream()
                  .map(row -> row.getString(0))
                  .sorted()
                  .toList());
    }
  }
}
