package io.medallion.silver.parse;

import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.Feed;
import io.medallion.core.contract.HeaderName;
import io.medallion.core.contract.Topic;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an executor needs to turn a topic's events into records.
 *
 * @param columns the contract's, in its order
 * @param fields the place of the column that a field is, by the field's normalised name
 * @param key places of the business key's columns
 * @param sequence places of the sequence columns
 * @param operations the feed's operation, where it has one
 * @param tombstones how the feed reads a tombstone, where it does
 */
public record EventLayout(
    List<ColumnLayout> columns,
    Map<String, Integer> fields,
    List<Integer> key,
    List<Integer> sequence,
    Topic.Format format,
    int maxValueBytes,
    List<Topic.Operation> operations,
    List<Topic.Tombstone> tombstones)
    implements Serializable {

  public static EventLayout of(Contract contract, Feed feed) {
    List<Column> columns = contract.columns();
    Map<String, Integer> fields = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      fields.put(HeaderName.normalise(columns.get(i).name()), i);
      for (String alias : columns.get(i).aliases()) {
        fields.put(HeaderName.normalise(alias), i);
      }
    }
    Topic topic = feed.topic().orElseThrow();
    List<String> names = columns.stream().map(Column::name).toList();
    return new EventLayout(
        ColumnLayout.of(contract, feed),
        fields,
        contract.businessKey().stream().map(names::indexOf).toList(),
        contract.sequence().stream().map(names::indexOf).toList(),
        topic.format(),
        topic.maxValueBytes(),
        topic.operation().stream().toList(),
        topic.tombstone().stream().toList());
  }

  Optional<Topic.Operation> operation() {
    return operations.stream().findFirst();
  }

  Optional<Topic.Tombstone> tombstone() {
    return tombstones.stream().findFirst();
  }

  /** The place of the column that a field of that name is, or -1. */
  int column(String field) {
    return fields.getOrDefault(HeaderName.normalise(field), -1);
  }

  /** Whether a field of that name is the operation of the event. */
  boolean isOperation(String field) {
    return operation()
        .filter(o -> HeaderName.normalise(o.field()).equals(HeaderName.normalise(field)))
        .isPresent();
  }
}
