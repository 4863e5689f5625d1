package io.medallion.core.yaml;

import io.medallion.core.NearestName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the keys of one mapping and notes what is wrong with them. Every method that reads a key
 * makes it a known one; {@link #finish()} notes the keys that nobody asked for. A value of the
 * wrong kind is noted and then absent, so that reading goes on.
 */
public final class Fields {
  private final Node.Mapping mapping;
  private final String what;
  private final Mistakes mistakes;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> suggested = new LinkedHashSet<>();

  private Fields(Node.Mapping mapping, String what, Mistakes mistakes) {
    this.mapping = mapping;
    this.what = what;
    this.mistakes = mistakes;
  }

  /**
   * Returns the fields of {@code node}; absent, after noting it, where that is no mapping.
   *
   * @param what what the mapping describes, with its article: "a column"
   */
  public static Optional<Fields> of(Node node, String what, Mistakes mistakes) {
    if (node instanceof Node.Mapping mapping) {
      return Optional.of(new Fields(mapping, what, mistakes));
    }
    mistakes.add(
        node.at(),
        what + " must be a mapping, but this is " + node.describe(),
        "write it as `key: value` lines");
    return Optional.empty();
  }

  /** Returns where the mapping begins. */
  public Location at() {
    return mapping.at();
  }

  /** Returns the value of {@code key}, whatever its kind; absent where the key is. */
  public Optional<Node> node(String key) {
    return entry(key).map(Node.Entry::value);
  }

  /** Returns where {@code key} is written; absent where it is not. */
  public Optional<Location> keyAt(String key) {
    return entry(key).map(Node.Entry::at);
  }

  /** Returns the text of {@code key}. */
  public Optional<Located<String>> text(String key) {
    return entry(key).flatMap(entry -> textOf(entry.value(), "`" + key + "`"));
  }

  /** Returns the text of {@code key}, and notes where it is missing or blank. */
  public Optional<Located<String>> requiredText(String key) {
    require(key);
    Optional<Located<String>> text = text(key);
    if (text.isPresent() && text.get().value().isBlank()) {
      mistakes.add(text.get().at(), "`" + key + "` is blank", "write its value");
      return Optional.empty();
    }
    return text;
  }

  /** Returns the Boolean of {@code key}. */
  public Optional<Located<Boolean>> flag(String key) {
    return scalar(key, Node.Kind.FLAG, "true or false")
        .map(scalar -> new Located<>(Boolean.valueOf(scalar.text()), scalar.at()));
  }

  /** Returns the number of {@code key}. */
  public Optional<Located<BigDecimal>> number(String key) {
    Optional<Node.Scalar> scalar = scalar(key, Node.Kind.NUMBER, "a number");
    if (scalar.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Located<>(new BigDecimal(scalar.get().text()), scalar.get().at()));
    } catch (NumberFormatException e) {
      mistakes.add(
          scalar.get().at(),
          "`" + key + "` must be a decimal number, but is " + scalar.get().text(),
          "write it with digits and at most one point");
      return Optional.empty();
    }
  }

  /** Returns the whole number of {@code key}. */
  public Optional<Located<Integer>> whole(String key) {
    Optional<Located<BigDecimal>> number = number(key);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Located<>(number.get().value().intValueExact(), number.get().at()));
    } catch (ArithmeticException e) {
      mistakes.add(
          number.get().at(),
          "`" + key + "` must be a whole number, but is " + number.get().value().toPlainString(),
          "write it without fraction, within 32 bits");
      return Optional.empty();
    }
  }

  /** Returns the items of the list of {@code key}; empty where the key is missing. */
  public List<Node> items(String key) {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof Node.Sequence sequence) {
      return sequence.items();
    }
    mistakes.add(
        node.get().at(),
        "`" + key + "` must be a list, but is " + node.get().describe(),
        "write it as [one, two] or as lines that begin with `- `");
    return List.of();
  }

  /** Returns the items of {@code key}, and notes where there is none. */
  public List<Node> requiredItems(String key) {
    require(key);
    if (node(key).orElse(null) instanceof Node.Sequence sequence && sequence.items().isEmpty()) {
      mistakes.add(sequence.at(), "`" + key + "` is empty", "name at least one");
    }
    return items(key);
  }

  /** Returns the texts of the list of {@code key}. */
  public List<Located<String>> texts(String key) {
    return textsOf(key, items(key));
  }

  /** Returns the texts of the list of {@code key}, and notes where there is none. */
  public List<Located<String>> requiredTexts(String key) {
    return textsOf(key, requiredItems(key));
  }

  /** Returns the fields of the mapping of {@code key}. */
  public Optional<Fields> fields(String key) {
    return node(key).flatMap(node -> of(node, "`" + key + "`", mistakes));
  }

  /** Accepts keys that Medallion does not use. */
  public void ignore(String... keys) {
    known.addAll(Arrays.asList(keys));
  }

  /** Notes {@code key} where it is present, as one that cannot be honoured. */
  public void refuse(String key, String problem, String fix) {
    known.add(key);
    find(key).ifPresent(entry -> mistakes.add(entry.at(), problem, fix));
  }

  /** Notes {@code key} where it is missing. */
  public void require(String key) {
    known.add(key);
    suggested.add(key);
    if (find(key).isEmpty()) {
      mistakes.add(mapping.at(), what + " has no `" + key + "`", "add `" + key + ": …`");
    }
  }

  /** Notes every key that no method was asked for. */
  public void finish() {
    for (Node.Entry entry : mapping.entries()) {
      if (!known.contains(entry.key())) {
        Set<String> candidates =
            NearestName.of(entry.key(), suggested).isPresent() ? suggested : known;
        mistakes.add(
            entry.at(),
            what + " has no key `" + entry.key() + "`",
            NearestName.fix(
                entry.key(),
                NearestName.of(entry.key(), candidates).isPresent() ? candidates : suggested,
                "remove it"));
      }
    }
  }

  private List<Located<String>> textsOf(String key, List<Node> items) {
    List<Located<String>> texts = new ArrayList<>();
    items.forEach(item -> textOf(item, "an item of `" + key + "`").ifPresent(texts::add));
    return texts;
  }

  private Optional<Located<String>> textOf(Node node, String name) {
    if (node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.TEXT) {
      return Optional.of(new Located<>(scalar.text(), scalar.at()));
    }
    boolean quotable = node instanceof Node.Scalar scalar && scalar.kind() != Node.Kind.NOTHING;
    mistakes.add(
        node.at(),
        name + " must be text, but is " + node.describe(),
        quotable ? "put it in quotes" : "write a text");
    return Optional.empty();
  }

  private Optional<Node.Scalar> scalar(String key, Node.Kind kind, String kindName) {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get() instanceof Node.Scalar scalar && scalar.kind() == kind) {
      return Optional.of(scalar);
    }
    mistakes.add(
        node.get().at(),
        "`" + key + "` must be " + kindName + ", but is " + node.get().describe(),
        "write " + kindName + ", without quotes");
    return Optional.empty();
  }

  private Optional<Node.Entry> entry(String key) {
    known.add(key);
    suggested.add(key);
    return find(key);
  }

  private Optional<Node.Entry> find(String key) {
    return mapping.entries().stream().filter(entry -> entry.key().equals(key)).findFirst();
  }
}
