package io.medallion.core.contract;

import io.medallion.core.yaml.Fields;
import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import io.medallion.core.yaml.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The standard's place for what it lacks: a list of {@code property} and {@code value}. */
final class CustomProperties {

  private CustomProperties() {}

  /** Returns the custom properties of {@code owner} as if each were a key of one mapping. */
  static Fields of(Fields owner, String what, Mistakes mistakes) {
    List<Node.Entry> entries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Node item : owner.items("customProperties")) {
      Optional<Fields> fields = Fields.of(item, "a custom property", mistakes);
      if (fields.isEmpty()) {
        continue;
      }
      Optional<Located<String>> property = fields.get().requiredText("property");
      fields.get().require("value");
      Optional<Node> value = fields.get().node("value");
      fields.get().ignore("id", "description");
      fields.get().finish();
      if (property.isEmpty() || value.isEmpty()) {
        continue;
      }
      Located<String> name = property.get();
      if (seen.add(name.value())) {
        entries.add(new Node.Entry(name.value(), name.at(), value.get()));
      } else {
        mistakes.add(
            name.at(),
            "the custom property `" + name.value() + "` stands here a second time",
            "keep one of the two");
      }
    }
    return Fields.of(new Node.Mapping(owner.at(), entries), "customProperties of " + what, mistakes)
        .orElseThrow();
  }
}
