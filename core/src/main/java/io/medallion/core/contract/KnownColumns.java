package io.medallion.core.contract;

import io.medallion.core.yaml.Located;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a feed may refer to: the columns as far as they could be read.
 *
 * @param byHeader columns by each of their names and aliases, normalised
 * @param types of the columns whose type has no mistake
 * @param required names of the columns that every record must fill
 * @param businessKey names of the key's columns
 * @param sequence names of the sequence columns
 */
record KnownColumns(
    Map<String, String> byHeader,
    Map<String, LogicalType> types,
    List<String> required,
    List<String> businessKey,
    List<String> sequence) {

  static KnownColumns of(
      List<ColumnReader.Draft> drafts, List<String> businessKey, List<Located<String>> sequence) {
    Map<String, String> byHeader = new HashMap<>();
    Map<String, LogicalType> types = new HashMap<>();
    for (ColumnReader.Draft draft : drafts) {
      if (draft.name().isPresent()) {
        String name = draft.name().get().value();
        draft.headers().forEach(h -> byHeader.putIfAbsent(HeaderName.normalise(h.value()), name));
        draft.type().ifPresent(type -> types.put(name, type));
      }
    }
    return new KnownColumns(
        byHeader,
        types,
        drafts.stream()
            .filter(draft -> draft.required() && draft.name().isPresent())
            .map(draft -> draft.name().get().value())
            .toList(),
        businessKey,
        sequence.stream().map(Located::value).toList());
  }

  /** The column that a field of that name is. */
  Optional<String> column(String field) {
    return Optional.ofNullable(byHeader.get(HeaderName.normalise(field)));
  }
}
