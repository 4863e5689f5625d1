package io.medallion.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.util.NameTransformer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The one mapper by which commands print JSON, from the records themselves.
 *
 * <ul>
 *   <li>A component {@code rowsAfter} is the key {@code rows_after}.
 *   <li>A {@link Duration} is a number of milliseconds, and its key ends in {@code _ms}.
 *   <li>An absent {@link Optional} is left out, unless its component is marked to be included
 *       always: then it is null.
 *   <li>A constant of an enum is in lower case; an {@link java.time.Instant} is ISO 8601, in UTC.
 * </ul>
 */
final class JsonOutput {
  static final JsonMapper MAPPER = mapper();

  private JsonOutput() {}

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(
                new SimpleModule("medallion")
                    .addSerializer(Duration.class, new MillisSerializer())
                    .addSerializer(Optional.class, new OptionalSerializer())
                    .addSerializer(Enum.class, new LowerCaseSerializer())
                    .setSerializerModifier(new MillisNames()))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    mapper
        .configOverride(Optional.class)
        .setInclude(
            JsonInclude.Value.construct(
                JsonInclude.Include.NON_EMPTY, JsonInclude.Include.USE_DEFAULTS));
    return mapper;
  }

  private static final class MillisSerializer extends JsonSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeNumber(value.toMillis());
    }
  }

  @SuppressWarnings("rawtypes") // Serializers are found by a raw class.
  private static final class OptionalSerializer extends JsonSerializer<Optional> {
    @Override
    public void serialize(Optional value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      provider.defaultSerializeValue(value.isPresent() ? value.get() : null, json);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Optional value) {
      return value.isEmpty();
    }
  }

  @SuppressWarnings("rawtypes") // Serializers are found by a raw class.
  private static final class LowerCaseSerializer extends JsonSerializer<Enum> {
    @Override
    public void serialize(Enum value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Adds the unit to the keys of durations. */
  private static final class MillisNames extends BeanSerializerModifier {
    private static final NameTransformer IN_MILLIS = NameTransformer.simpleTransformer("", "_ms");

    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
      return properties.stream()
          .map(property -> isDuration(property) ? property.rename(IN_MILLIS) : property)
          .toList();
    }

    private static boolean isDuration(BeanPropertyWriter property) {
      return property.getType().hasRawClass(Duration.class)
          || (property.getType().hasRawClass(Optional.class)
              && property.getType().containedTypeOrUnknown(0).hasRawClass(Duration.class));
    }
  }
}
