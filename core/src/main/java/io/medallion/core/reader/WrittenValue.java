package io.medallion.core.reader;

import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.TimestampType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Values that a user writes as text, in the type of the column that they are looked for in. */
final class WrittenValue {
  private WrittenValue() {}

  /** The value; empty where the text is none of that type. */
  static Optional<Object> of(String text, DataType type) {
    if (type instanceof StringType) {
      return Optional.of(text);
    }
    String stripped = text.strip();
    try {
      if (type instanceof LongType) {
        return Optional.of(Long.valueOf(stripped));
      } else if (type instanceof IntegerType) {
        return Optional.of(Integer.valueOf(stripped));
      } else if (type instanceof ShortType) {
        return Optional.of(Short.valueOf(stripped));
      } else if (type instanceof ByteType) {
        return Optional.of(Byte.valueOf(stripped));
      } else if (type instanceof DecimalType) {
        return Optional.of(new BigDecimal(stripped));
      } else if (type instanceof DateType) {
        return Optional.of(LocalDate.parse(stripped));
      } else if (type instanceof TimestampType) {
        return Optional.of(instant(stripped));
      } else if (type instanceof BooleanType) {
        return Optional.of(Boolean.valueOf(stripped));
      }
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
    throw new IllegalArgumentException("values of type " + type + " are not written as text");
  }

  /** Without a zone, in UTC, as every session has it. */
  private static Instant instant(String text) {
    String iso = text.replace(' ', 'T');
    return iso.endsWith("Z")
        ? Instant.parse(iso)
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }
}
