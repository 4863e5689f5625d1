package io.medallion.core.reader;

import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which rows of a table are asked for: those that meet all conditions. Absent values meet none.
 * Files whose statistics show that no row of theirs does are not read.
 */
public final class Bounds {
  /** Every row. */
  public static final Bounds NONE = new Bounds(List.of());

  /** So many values are compared with a file's statistics; of more, the least and the greatest. */
  private static final int MOST_VALUES = 20;

  private final List<Condition> conditions;

  private Bounds(List<Condition> conditions) {
    this.conditions = List.copyOf(conditions);
  }

  private sealed interface Condition {
    String column();
  }

  private record OneOf(String column, Set<Object> values) implements Condition {}

  private record AtLeast(String column, long least) implements Condition {}

  private record AtMost(String column, long most) implements Condition {}

  /** The rows whose column has a value, of the column's own type. */
  public static Bounds where(String column, Object value) {
    return NONE.and(column, value);
  }

  /** Of these rows, those whose column has a value, of the column's own type. */
  public Bounds and(String column, Object value) {
    return with(new OneOf(column, Set.of(comparable(value))));
  }

  /** Of these rows, those whose column has one of some values, of the column's own type. */
  public Bounds andOneOf(String column, Collection<?> values) {
    return with(
        new OneOf(
            column,
            values.stream().map(Bounds::comparable).collect(Collectors.toUnmodifiableSet())));
  }

  /** Of these rows, those whose column is not smaller. */
  public Bounds andAtLeast(String column, long least) {
    return with(new AtLeast(column, least));
  }

  /** Of these rows, those whose column is not greater. */
  public Bounds andAtMost(String column, long most) {
    return with(new AtMost(column, most));
  }

  private Bounds with(Condition condition) {
    List<Condition> all = new ArrayList<>(conditions);
    all.add(condition);
    return new Bounds(all);
  }

  Set<String> columns() {
    return conditions.stream().map(Condition::column).collect(Collectors.toSet());
  }

  /** Whether a row meets all conditions. */
  boolean hold(LakeRow row) {
    for (Condition condition : conditions) {
      Object value = row.value(condition.column());
      if (value == null) {
        return false;
      }
      boolean held =
          condition instanceof OneOf oneOf
              ? oneOf.values().contains(comparable(value))
              : condition instanceof AtLeast atLeast
                  ? ((Number) value).longValue() >= atLeast.least()
                  : ((Number) value).longValue() <= ((AtMost) condition).most();
      if (!held) {
        return false;
      }
    }
    return true;
  }

  /** Decimals of one column have one scale, those of a bound may have another. */
  private static Object comparable(Object value) {
    return value instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : value;
  }

  /** What a file's statistics can be held against; empty where that is nothing. */
  Optional<Predicate> predicate(StructType schema) {
    List<Predicate> parts = new ArrayList<>();
    for (Condition condition : conditions) {
      if (schema.indexOf(condition.column()) >= 0) {
        DataType type = schema.get(condition.column()).getDataType();
        if (condition instanceof OneOf oneOf) {
          predicate(oneOf, type).ifPresent(parts::add);
        } else if (condition instanceof AtLeast atLeast) {
          compare(">=", atLeast.column(), literal(type, atLeast.least())).ifPresent(parts::add);
        } else if (condition instanceof AtMost atMost) {
          compare("<=", atMost.column(), literal(type, atMost.most())).ifPresent(parts::add);
        }
      }
    }
    return parts.stream().reduce((left, right) -> new Predicate("AND", left, right));
  }

  private static Optional<Predicate> predicate(OneOf oneOf, DataType type) {
    List<Literal> literals = new ArrayList<>();
    for (Object value : oneOf.values()) {
      Optional<Literal> literal = literal(type, value);
      if (literal.isEmpty()) {
        return Optional.empty();
      }
      literals.add(literal.get());
    }
    if (literals.size() > MOST_VALUES && type instanceof StringType) {
      List<String> sorted = oneOf.values().stream().map(value -> (String) value).sorted().toList();
      return Optional.of(
          new Predicate(
              "AND",
              new Predicate(">=", new Column(oneOf.column()), Literal.ofString(sorted.get(0))),
              new Predicate(
                  "<=",
                  new Column(oneOf.column()),
                  Literal.ofString(sorted.get(sorted.size() - 1)))));
    }
    return literals.size() > MOST_VALUES
        ? Optional.empty()
        : literals.stream()
            .map(literal -> new Predicate("=", new Column(oneOf.column()), literal))
            .reduce((left, right) -> new Predicate("OR", left, right));
  }

  private static Optional<Predicate> compare(String how, String column, Optional<Literal> literal) {
    return literal.map(value -> new Predicate(how, new Column(column), value));
  }

  private static Optional<Literal> literal(DataType type, Object value) {
    if (type instanceof StringType && value instanceof String text) {
      return Optional.of(Literal.ofString(text));
    } else if (type instanceof LongType && value instanceof Number number) {
      return Optional.of(Literal.ofLong(number.longValue()));
    } else if (type instanceof IntegerType
        && value instanceof Number number
        && number.longValue() == number.intValue()) {
      return Optional.of(Literal.ofInt(number.intValue()));
    } else if (type instanceof DateType && value instanceof LocalDate day) {
      return Optional.of(Literal.ofDate(Math.toIntExact(day.toEpochDay())));
    } else if (type instanceof DecimalType decimal
        && value instanceof BigDecimal number
        && number.scale() <= decimal.getScale()
        && number.precision() - number.scale() <= decimal.getPrecision() - decimal.getScale()) {
      return Optional.of(
          Literal.ofDecimal(
              number.setScale(decimal.getScale(), java.math.RoundingMode.UNNECESSARY),
              decimal.getPrecision(),
              decimal.getScale()));
    }
    return Optional.empty();
  }
}
