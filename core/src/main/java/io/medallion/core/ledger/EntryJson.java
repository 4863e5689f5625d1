package io.medallion.core.ledger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Optional;

/**
 * An entry as the {@code userMetadata} of the commit it accounts for: should the process die before
 * the ledger is written, the commit itself has what to record.
 */
public final class EntryJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private EntryJson() {}

  /** Writes an entry. */
  public static String write(Entry entry) {
    try {
      return JSON.writeValueAsString(new CommitMetadata(entry));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry is always JSON", e);
    }
  }

  /** Reads an entry; empty where the text is none, as other writers' metadata is. */
  public static Optional<Entry> read(String text) {
    if (text == null || !text.startsWith("{\"medallion\":")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(text, CommitMetadata.class).medallion());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a commit carries a broken ledger entry: " + text, e);
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record CommitMetadata(Entry medallion) {}
}
