package io.medallion.core.yaml;

import java.util.List;

/** A piece of a YAML document with its place in the file. */
public sealed interface Node {

  Location at();

  /** Says what the node is, for a message: "a list", "the number 3". */
  String describe();

  /** Keys and values in the order of the file; every key is unique. */
  record Mapping(Location at, List<Entry> entries) implements Node {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String describe() {
      return "a mapping";
    }
  }

  /**
   * A key of a mapping.
   *
   * @param at where the key is written
   */
  record Entry(String key, Location at, Node value) {}

  /** A list. */
  record Sequence(Location at, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /**
   * A single value.
   *
   * @param text as written, without quotes; empty for {@link Kind#NOTHING}
   */
  record Scalar(Location at, Kind kind, String text) implements Node {
    @Override
    public String describe() {
      return switch (kind) {
        case TEXT -> "the text '" + text + "'";
        case NUMBER -> "the number " + text;
        case FLAG -> text;
        case NOTHING -> "empty";
      };
    }
  }

  /** What YAML takes a scalar for. */
  enum Kind {
    TEXT,
    NUMBER,
    FLAG,
    NOTHING
  }
}
