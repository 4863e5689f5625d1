package io.medallion.jobs.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/**
 * A Compose file.
 *
 * @param text as written
 * @param tree with anchors and merges resolved, variables as they stand
 */
record Compose(String text, JsonNode tree) {
  static final Path ROOT = Path.of(System.getProperty("medallion.root"));

  /** The project's own file. */
  static Compose read() throws IOException {
    return parse(Files.readString(ROOT.resolve("docker-compose.yml")));
  }

  static Compose parse(String text) {
    return new Compose(text, new ObjectMapper().valueToTree(new Yaml().load(text)));
  }

  /** The services by name. */
  Map<String, JsonNode> services() {
    Map<String, JsonNode> services = new TreeMap<>();
    tree.get("services")
        .properties()
        .forEach(service -> services.put(service.getKey(), service.getValue()));
    return services;
  }

  JsonNode service(String name) {
    return tree.get("services").get(name);
  }

  /** A service's entry that is a list of texts; empty where it has none. */
  List<String> texts(String service, String entry) {
    return texts(service(service).path(entry)).toList();
  }

  static Stream<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
  }
}
