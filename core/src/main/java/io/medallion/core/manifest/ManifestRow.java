package io.medallion.core.manifest;

import io.medallion.core.reader.LakeRow;
import java.util.List;
import java.util.Optional;

/** Reads rows of {@code bronze.manifest}. */
public final class ManifestRow {
  /** {@code status} of a file that landed. */
  public static final String LANDED = "landed";

  private ManifestRow() {}

  /** The file of a table row. */
  public static ManifestFile file(LakeRow row) {
    Receipt receipt =
        new Receipt(
            row.text("file_id"),
            row.text("feed"),
            row.instant("landed_at"),
            row.number("landing_seq"),
            row.text("run_id"),
            row.text("contract_version"));
    ManifestFile file = file(row, receipt, parts(row));
    long counted = row.number("record_count");
    if (file.landed() && file.recordCount() != counted) {
      throw new IllegalArgumentException(
          file.sourceUri() + ": its parts do not hold its " + counted + " records");
    }
    return file;
  }

  private static ManifestFile file(LakeRow row, Receipt receipt, List<ManifestFile.Part> parts) {
    // Tables that were made for files alone do not have the column.
    Optional<OffsetRange> offsets = row.row("offsets").map(ManifestRow::offsets);
    if (offsets.isPresent()) {
      return new EventLanding(receipt, offsets.get(), parts);
    }
    SourceFile source =
        new SourceFile(
            row.text("source_uri"), row.text("content_sha256"), row.number("size_bytes"));
    TextFormat format =
        new TextFormat(
            row.text("encoding"), row.text("newline"), row.text("delimiter"), row.texts("header"));
    Optional<String> reason = row.maybeText("reason");
    return reason.isEmpty()
        ? new FileLanding(receipt, source, format, parts)
        : new Rejection(receipt, source, format, reason.get(), parts);
  }

  private static OffsetRange offsets(LakeRow o) {
    return new OffsetRange(
        o.text("topic"),
        o.text("topic_id"),
        Math.toIntExact(o.number("partition")),
        o.number("from_offset"),
        o.number("until_offset"),
        o.number("first_offset"),
        o.number("last_offset"),
        o.text("stream_id"),
        o.number("batch"));
  }

  private static List<ManifestFile.Part> parts(LakeRow row) {
    return row.rows("parts").stream()
        .map(
            p ->
                new ManifestFile.Part(
                    p.text("path"),
                    p.number("bytes"),
                    p.number("first_record"),
                    p.number("records"),
                    p.number("skip_bytes")))
        .toList();
  }
}
