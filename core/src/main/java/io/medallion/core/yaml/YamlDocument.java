package io.medallion.core.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a YAML file into {@link Node}s. */
public final class YamlDocument {
  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final String file;
  private final YAMLParser parser;
  private final Mistakes mistakes;

  private YamlDocument(String file, YAMLParser parser, Mistakes mistakes) {
    this.file = file;
    this.parser = parser;
    this.mistakes = mistakes;
  }

  /**
   * Returns the root of the one document that {@code yaml} holds. Absent where it cannot be read at
   * all, after noting why.
   *
   * @param file the file's name in messages
   */
  public static Optional<Node> parse(String file, byte[] yaml, Mistakes mistakes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(yaml)).toString();
    } catch (CharacterCodingException e) {
      mistakes.add(
          new Location(file, 1, 1), "the file is not UTF-8 text", "save the file as UTF-8");
      return Optional.empty();
    }
    try (YAMLParser parser = FACTORY.createParser(text)) {
      return new YamlDocument(file, parser, mistakes).document();
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      mistakes.add(
          new Location(file, at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr()),
          "this is not YAML: " + sentences(e.getOriginalMessage()),
          "correct the indentation, quotes or brackets here or just before");
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " from memory", e);
    }
  }

  private Optional<Node> document() throws IOException {
    if (parser.nextToken() == null) {
      mistakes.add(new Location(file, 1, 1), "the file is empty", "write the document into it");
      return Optional.empty();
    }
    Node root = node();
    if (parser.nextToken() != null) {
      mistakes.add(
          here(), "a second document begins here", "keep one document per file, without `---`");
    }
    return Optional.of(root);
  }

  private Node node() throws IOException {
    Location at = here();
    JsonToken token = parser.currentToken();
    refuseReferences(at);
    return switch (token) {
      case START_OBJECT -> mapping(at);
      case START_ARRAY -> sequence(at);
      case VALUE_NULL -> new Node.Scalar(at, Node.Kind.NOTHING, "");
      case VALUE_TRUE, VALUE_FALSE -> flag(at, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Node.Scalar(at, Node.Kind.NUMBER, parser.getText());
      default -> new Node.Scalar(at, Node.Kind.TEXT, parser.getText());
    };
  }

  /** Jackson follows YAML 1.1, in which yes, no and the country code NO are Booleans too. */
  private static Node flag(Location at, String text) {
    boolean written = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    return new Node.Scalar(at, written ? Node.Kind.FLAG : Node.Kind.TEXT, text);
  }

  private Node mapping(Location at) throws IOException {
    List<Node.Entry> entries = new ArrayList<>();
    Map<String, Location> seen = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Location keyAt = here();
      parser.nextToken();
      Node value = node();
      Location first = seen.putIfAbsent(key, keyAt);
      if (first == null) {
        entries.add(new Node.Entry(key, keyAt, value));
      } else {
        mistakes.add(
            keyAt,
            "the key `" + key + "` stands here a second time, after line " + first.line(),
            "keep one of the two");
      }
    }
    return new Node.Mapping(at, entries);
  }

  private Node sequence(Location at) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node());
    }
    return new Node.Sequence(at, items);
  }

  /** An alias would come out as its own name, as if the user had written that. */
  @SuppressWarnings(
      "deprecation") // Jackson offers no other way to distinguish an alias from a text
  private void refuseReferences(Location at) throws IOException {
    if (parser.isCurrentAlias()) {
      mistakes.add(
          at, "YAML aliases (*" + parser.getText() + ") are not read", "repeat the value here");
    }
  }

  private Location here() {
    JsonLocation at = parser.currentTokenLocation();
    return new Location(file, at.getLineNr(), at.getColumnNr());
  }

  /** Returns the parser's sentences without the places and excerpts it puts between them. */
  private static String sentences(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining("; "));
  }
}
