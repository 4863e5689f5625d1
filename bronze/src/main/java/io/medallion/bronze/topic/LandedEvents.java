package io.medallion.bronze.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.manifest.EventLanding;
import io.medallion.core.manifest.ManifestFile;
import io.medallion.core.reader.Bounds;
import io.medallion.core.reader.LakeReader;
import io.medallion.core.reader.ParquetRows.ColumnType;
import io.medallion.core.reader.RowStream;
import io.medallion.core.topic.Envelope;
import java.util.Map;
import java.util.Optional;

/** Finds an event again in the files that it landed in. */
public final class LandedEvents {
  private static final Map<String, ColumnType> COLUMNS =
      Map.of(
          Envelope.PARTITION,
          ColumnType.INTEGER,
          Envelope.OFFSET,
          ColumnType.LONG,
          Envelope.VALUE,
          ColumnType.BYTES);

  private final LakeReader lake;

  public LandedEvents(LakeReader lake) {
    this.lake = lake;
  }

  /**
   * An event's value as text.
   *
   * @param file the manifest's row of its partition and batch
   * @return in UTF-8, with a replacement character for what is none; {@code (no value)} for a
   *     tombstone; empty where the row has no such event
   */
  public Optional<String> text(EventLanding file, long offset) {
    Bounds event =
        Bounds.where(Envelope.PARTITION, file.offsets().partition()).and(Envelope.OFFSET, offset);
    for (ManifestFile.Part part : file.parts()) {
      String path = lake.lake().root() + "/" + part.path();
      try (RowStream rows = lake.parquet().rows(path, part.bytes(), COLUMNS, event)) {
        if (rows.hasNext()) {
          Object value = rows.next().value(Envelope.VALUE);
          return Optional.of(value == null ? "(no value)" : new String((byte[]) value, UTF_8));
        }
      }
    }
    return Optional.empty();
  }
}
