package io.medallion.demo.events;

import io.medallion.demo.orders.OrderGenerator;
import io.medallion.demo.orders.TruthLedger;
import io.medallion.demo.orders.TruthWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * The truth about events, gathered as they are sent, in each partition in the order of its offsets.
 */
public final class EventTruth {
  private final TruthLedger ledger = new TruthLedger();

  /**
   * Takes note of an event.
   *
   * @param source the partition, as {@code kafka:TOPIC/PARTITION}
   */
  void sent(String source, long offset, OrderEvent event) {
    ledger.open(source);
    if (event.meaning() instanceof OrderEvent.Broken broken) {
      ledger.faulty(offset, broken.fault().label());
      return;
    }
    Change change = ((OrderEvent.Sound) event.meaning()).change();
    if (change instanceof Change.Upsert upsert) {
      ledger.wellFormed(offset, upsert.line(), upsert.surplus());
    } else {
      ledger.deleted(offset, change.key(), change.at());
    }
  }

  /**
   * What became of the events of one partition.
   *
   * @param source as {@code kafka:TOPIC/PARTITION}
   */
  public record Fates(
      String source,
      long records,
      long accepted,
      long duplicates,
      long superseded,
      long quarantined) {}

  /** The fates of what was sent until now, by partition. */
  public List<Fates> fates() {
    return ledger.files().stream()
        .map(
            file ->
                new Fates(
                    file.path(),
                    file.records(),
                    file.accepted(),
                    file.duplicates(),
                    file.superseded(),
                    file.quarantined()))
        .sorted(Comparator.comparing(Fates::source))
        .toList();
  }

  /**
   * Writes what a truth directory of {@link OrderGenerator} has, where {@code file} is a partition
   * and {@code record_number} an offset, and besides {@code sales_orders.csv} (silver's rows),
   * {@code sales_orders_deletes.csv} (keys that have no line) and {@code order-event.avsc} (the
   * schema of events in Avro).
   */
  public void write(Path directory) throws IOException {
    TruthWriter writer = new TruthWriter(directory);
    writer.write(ledger);
    writer.writeSilver(ledger);
    Files.writeString(directory.resolve("order-event.avsc"), AvroEncoding.SCHEMA);
  }
}
