package io.medallion.jobs.inspect;

import io.medallion.bronze.LandedRecords;
import io.medallion.bronze.topic.LandedEvents;
import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import io.medallion.core.lake.Lake;
import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.manifest.ManifestRow;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.LakeRow;
import io.medallion.core.reader.RowStream;
import io.medallion.core.reader.TableReader;
import io.medallion.core.reader.TableSnapshot;
import io.medallion.gold.star.Star;
import io.medallion.jobs.cli.RowPrinter;
import io.medallion.jobs.lakehouse.ReadOnlyLakehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fact and everything behind it.
 *
 * @param dimensions by table, the version that the fact refers to
 * @param recordNumber of a topic, the event's offset
 * @param rawText the record as it came in
 */
public record Trace(
    String factTable,
    Map<String, String> fact,
    Map<String, Map<String, String>> dimensions,
    String silverTable,
    Map<String, String> silver,
    String sourceUri,
    long recordNumber,
    String rawText) {

  private static final int MOST = 1000;

  /**
   * Finds the facts with a key.
   *
   * @throws ConfigurationException where a column is not of the star's grain
   */
  public static List<Trace> find(ReadOnlyLakehouse lakehouse, Star star, Map<String, String> key)
      throws IOException {
    List<Trace> traces = new ArrayList<>();
    for (Star.Fact fact : star.facts()) {
      checkKey(fact, key);
      TableReader table = gold(lakehouse, fact.table());
      TableSnapshot rows =
          table
              .latest()
              .orElseThrow(
                  () ->
                      new LakeException(
                          table + " does not exist in " + lakehouse.lake().root(),
                          "run medallion run first"));
      for (LakeRow row : first(rows, rows.written(key), MOST)) {
        traces.add(of(lakehouse, star, fact, row));
      }
    }
    return traces;
  }

  private static void checkKey(Star.Fact fact, Map<String, String> key) {
    List<Mistake> mistakes =
        key.keySet().stream()
            .filter(column -> !fact.grain().contains(column))
            .map(
                column ->
                    new Mistake(
                        "--key " + column,
                        "it is not of the grain of " + fact.table(),
                        NearestName.fix(
                            column, fact.grain(), "use one of " + String.join(", ", fact.grain()))))
            .toList();
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
  }

  private static Trace of(ReadOnlyLakehouse lakehouse, Star star, Star.Fact fact, LakeRow row)
      throws IOException {
    LakeReader lake = lakehouse.reader();
    Map<String, Map<String, String>> dimensions = new LinkedHashMap<>();
    for (Star.Reference reference : fact.references()) {
      Star.Dimension dimension =
          star.dimensions().stream()
              .filter(d -> d.table().equals(reference.dimension()))
              .findFirst()
              .orElseThrow();
      Bounds version = Bounds.where(dimension.surrogateKey(), row.number(reference.column()));
      first(gold(lakehouse, dimension.table()).latest().orElseThrow(), Optional.of(version), MOST)
          .forEach(v -> dimensions.put("gold." + dimension.table(), values(v)));
    }
    Map<String, String> grain = new LinkedHashMap<>();
    fact.grain().forEach(column -> grain.put(column, String.valueOf(row.value(column))));
    TableReader silver = lake.table(Lake.Layer.SILVER, star.source());
    TableSnapshot silverRows = silver.latest().orElseThrow();
    LakeRow silverRow = first(silverRows, silverRows.written(grain), 1).get(0);
    long recordNumber = row.number("_record_number");
    TableSnapshot manifest = lake.manifest().latest().orElseThrow();
    Bounds landed = Bounds.where("file_id", row.text("_file_id")).and("status", ManifestRow.LANDED);
    ManifestFile file = ManifestRow.file(first(manifest, Optional.of(landed), 1).get(0));
    String raw =
        (file instanceof EventLanding events
                ? new LandedEvents(lake).text(events, recordNumber)
                : new LandedRecords(lakehouse.lake(), lake.hadoop())
                    .text((FileLanding) file, recordNumber))
            .orElseThrow();
    return new Trace(
        "gold." + fact.table(),
        values(row),
        dimensions,
        silver.qualifiedName(),
        values(silverRow),
        file.sourceUri(),
        recordNumber,
        raw);
  }

  private static TableReader gold(ReadOnlyLakehouse lakehouse, String table) {
    return lakehouse.reader().table(Lake.Layer.GOLD, table);
  }

  /** The first rows within bounds; none where there are no bounds that a row could meet. */
  private static List<LakeRow> first(TableSnapshot table, Optional<Bounds> bounds, int most) {
    List<LakeRow> found = new ArrayList<>();
    if (bounds.isPresent()) {
      try (RowStream rows = table.rows(bounds.get())) {
        while (found.size() < most && rows.hasNext()) {
          found.add(rows.next().copy());
        }
      }
    }
    return found;
  }

  private static Map<String, String> values(LakeRow row) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String column : row.columns()) {
      Object value = row.value(column);
      if (value != null) {
        values.put(column, RowPrinter.text(value));
      }
    }
    return values;
  }
}
