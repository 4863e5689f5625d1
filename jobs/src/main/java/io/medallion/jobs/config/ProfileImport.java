package io.medallion.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.NearestName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The settings that follow from what Terraform made: its output {@code profile}.
 *
 * @param settings values by key, in the order of the output
 */
public record ProfileImport(Map<String, String> settings) {
  private static final String OUTPUT = "profile";
  private static final String HEADER =
      "# Written by `medallion config import`, which also replaces it.\n";
  private static final JsonMapper JSON = new JsonMapper();

  public ProfileImport {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * Reads what {@code terraform output -json} prints: of all outputs, or of {@code profile}.
   *
   * @param name of the file, in messages
   * @throws ConfigurationException naming every output that is no setting
   */
  public static ProfileImport of(String name, byte[] json) throws IOException {
    JsonNode outputs;
    try {
      outputs = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ConfigurationException(
          new Mistake(
              name + ":" + e.getLocation().getLineNr(),
              "this is not JSON",
              "give what terraform output -json prints"));
    }
    if (outputs.isMissingNode()) {
      throw new ConfigurationException(
          new Mistake(name, "it is empty", "give what terraform output -json prints"));
    }
    JsonNode profile =
        outputs.isObject() && holdsValues(outputs) ? outputs : outputs.path(OUTPUT).path("value");
    if (!profile.isObject()) {
      List<String> names = new ArrayList<>();
      outputs.fieldNames().forEachRemaining(names::add);
      throw new ConfigurationException(
          new Mistake(
              name,
              "there is no output `profile` that is a map; the outputs are " + names,
              "run terraform output -json in a folder of infra/terraform/envs, after apply"));
    }
    List<Mistake> mistakes = new ArrayList<>();
    Map<String, String> settings = new LinkedHashMap<>();
    profile
        .fields()
        .forEachRemaining(
            entry -> {
              List<Mistake> found = mistakes(name, entry.getKey(), entry.getValue());
              mistakes.addAll(found);
              if (found.isEmpty() && !entry.getValue().isNull()) {
                settings.put(entry.getKey(), entry.getValue().asText());
              }
            });
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes);
    }
    return new ProfileImport(settings);
  }

  /** Terraform wraps an output in an object; a value of the profile is none. */
  private static boolean holdsValues(JsonNode outputs) {
    return !outputs.isEmpty()
        && StreamSupport.stream(outputs.spliterator(), false).noneMatch(JsonNode::isObject);
  }

  private static List<Mistake> mistakes(String name, String key, JsonNode value) {
    String place = name + ", output profile, " + key;
    if (Settings.ofKey(key).isEmpty()) {
      return List.of(
          new Mistake(
              place,
              "there is no such setting",
              NearestName.fix(
                  key, Settings.ofProfiles().stream().map(Setting::key).toList(), "remove it")));
    }
    Setting setting = Settings.ofKey(key).get();
    if (setting.isSecret()) {
      return List.of(
          new Mistake(
              place,
              "it is a secret, which neither an output nor a profile may hold",
              "remove it from the output; set " + setting.variable() + " where jobs run"));
    }
    if (value.isNull()) {
      return List.of();
    }
    if (!value.isValueNode()) {
      return List.of(new Mistake(place, "it is not one value", "make it one text"));
    }
    return setting
        .type()
        .problem(value.asText())
        .map(
            p -> List.of(new Mistake(place, "'" + value.asText() + "' " + p, setting.type().fix())))
        .orElse(List.of());
  }

  /** The profile as a file. */
  public String yaml() {
    StringBuilder yaml = new StringBuilder(HEADER);
    settings.forEach(
        (key, value) -> yaml.append(key).append(": ").append(quoted(value)).append('\n'));
    return yaml.toString();
  }

  /** A text of JSON is one of YAML. */
  private static String quoted(String value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text is always JSON", e);
    }
  }

  /**
   * Writes the profile.
   *
   * @throws ConfigurationException where a file is there that nobody imported
   */
  public void write(Path file) throws IOException {
    if (Files.exists(file) && !Files.readString(file).startsWith(HEADER)) {
      throw new ConfigurationException(
          new Mistake(
              "--out " + file,
              "the file is there, and was not written by an import",
              "name another file, or remove this one"));
    }
    if (file.toAbsolutePath().getParent() != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    Files.writeString(file, yaml());
  }
}
