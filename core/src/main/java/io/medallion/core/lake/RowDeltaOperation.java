package io.medallion.core.lake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.execution.metric.SQLMetric;
import scala.Option;
import scala.Predef;
import scala.Tuple2;
import scala.collection.JavaConverters;

/** A {@link RowDelta} in the table's history: how many rows it inserted, updated and deleted. */
final class RowDeltaOperation extends DeltaOperations.Operation {
  private final Option<String> userMetadata;
  private final Map<String, String> metrics;

  private RowDeltaOperation(Option<String> userMetadata, Map<String, String> metrics) {
    super("ROW DELTA");
    this.userMetadata = userMetadata;
    this.metrics = metrics;
  }

  /** What the history calls these changes: rows that are only added are a write like any other. */
  static DeltaOperations.Operation of(List<RowChange> changes, Optional<CommitLabel> label) {
    Option<String> text = Option.apply(label.flatMap(CommitLabel::userMetadata).orElse(null));
    long inserted = changes.stream().filter(RowChange.Inserted.class::isInstance).count();
    long updated = changes.stream().filter(RowChange.Updated.class::isInstance).count();
    long deleted = changes.size() - inserted - updated;
    return updated + deleted == 0
        ? new DeltaOperations.Write(SaveMode.Append, Option.empty(), Option.empty(), text)
        : new RowDeltaOperation(
            text,
            Map.of(
                "numTargetRowsInserted", String.valueOf(inserted),
                "numTargetRowsUpdated", String.valueOf(updated),
                "numTargetRowsDeleted", String.valueOf(deleted)));
  }

  @Override
  public scala.collection.immutable.Map<String, Object> parameters() {
    return scala.collection.immutable.Map$.MODULE$.empty();
  }

  @Override
  public scala.collection.immutable.Map<String, String> transformMetrics(
      scala.collection.immutable.Map<String, SQLMetric> none) {
    return JavaConverters.mapAsScalaMap(metrics).toMap(Predef.<Tuple2<String, String>>$conforms());
  }

  @Override
  public Option<String> userMetadata() {
    return userMetadata;
  }

  @Override
  public boolean changesData() {
    return true;
  }

  @Override
  public boolean checkAddFileWithDeletionVectorStatsAreNotTightBounds() {
    return true;
  }

  @Override
  public Option<Object> isInPlaceFileMetadataUpdate() {
    return Option.apply(false);
  }
}
