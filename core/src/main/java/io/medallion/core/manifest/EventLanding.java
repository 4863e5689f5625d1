package io.medallion.core.manifest;

import java.util.List;

/**
 * The events of a topic's partition that landed in one batch.
 *
 * @param offsets which events
 * @param parts Parquet files of {@link io.medallion.core.topic.Envelope}
 */
public record EventLanding(Receipt receipt, OffsetRange offsets, List<ManifestFile.Part> parts)
    implements ManifestFile {

  public EventLanding {
    parts = List.copyOf(parts);
    long records = parts.stream().mapToLong(Part::records).sum();
    if (records > offsets.last() - offsets.first() + 1) {
      throw new IllegalArgumentException(
          "%s: %d events do not have offsets from %d to %d"
              .formatted(offsets.sourceUri(), records, offsets.first(), offsets.last()));
    }
  }

  @Override
  public String sourceUri() {
    return offsets.sourceUri();
  }

  /** Of the files that the events were written to. */
  @Override
  public long sizeBytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  @Override
  public TextFormat format() {
    return TextFormat.EVENTS;
  }

  @Override
  public EventLanding withLandingSeq(long number) {
    return new EventLanding(receipt.withLandingSeq(number), offsets, parts);
  }
}
