package io.medallion.core.contract;

import io.medallion.core.yaml.Location;
import io.medallion.core.yaml.Mistakes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Holds an Avro schema against the columns that its records are to fill, so that a schema by which
 * no record could ever be accepted is a mistake of the contract and not of every record.
 */
final class AvroSchemaCheck {
  private final KnownColumns columns;
  private final Optional<Topic.Operation> operation;
  private final Location at;
  private final Mistakes mistakes;

  AvroSchemaCheck(
      KnownColumns columns, Optional<Topic.Operation> operation, Location at, Mistakes mistakes) {
    this.columns = columns;
    this.operation = operation;
    this.at = at;
    this.mistakes = mistakes;
  }

  void check(String text) {
    Schema schema;
    try {
      schema = new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      mistakes.add(at, "the schema is not Avro: " + e.getMessage(), "correct it");
      return;
    }
    if (schema.getType() != Schema.Type.RECORD) {
      mistakes.add(
          at, "the schema is of type " + schema.getType().getName(), "write one of type record");
      return;
    }
    if (recursive(schema, new HashSet<>())) {
      mistakes.add(at, "the schema contains itself", "unfold it");
      return;
    }
    Map<String, String> fieldOf = new HashMap<>();
    for (Schema.Field field : schema.getFields()) {
      Optional<String> column = columns.column(field.name());
      if (column.isPresent()) {
        String other = fieldOf.putIfAbsent(column.get(), field.name());
        if (other != null) {
          mistakes.add(
              at,
              "the schema's fields `%s` and `%s` are both the column `%s`"
                  .formatted(other, field.name(), column.get()),
              "rename one of them");
        }
        Optional.ofNullable(columns.types().get(column.get()))
            .ifPresent(type -> checkType(field, type));
      } else if (isOperation(field)) {
        scalar(field)
            .filter(type -> !isText(type))
            .ifPresent(type -> unfit(field, type, "an operation", "string or an enum"));
      }
    }
    for (String column : columns.required()) {
      if (!fieldOf.containsKey(column)) {
        mistakes.add(
            at,
            "the schema has no field for the required column `" + column + "`",
            "add it, or give the column the field's name as an alias");
      }
    }
  }

  private boolean isOperation(Schema.Field field) {
    return operation
        .filter(o -> HeaderName.normalise(o.field()).equals(HeaderName.normalise(field.name())))
        .isPresent();
  }

  private static boolean recursive(Schema schema, Set<String> above) {
    return switch (schema.getType()) {
      case RECORD -> {
        if (!above.add(schema.getFullName())) {
          yield true;
        }
        boolean found = schema.getFields().stream().anyMatch(f -> recursive(f.schema(), above));
        above.remove(schema.getFullName());
        yield found;
      }
      case ARRAY -> recursive(schema.getElementType(), above);
      case MAP -> recursive(schema.getValueType(), above);
      case UNION -> schema.getTypes().stream().anyMatch(s -> recursive(s, above));
      default -> false;
    };
  }

  /** The one type besides null that the field may have. */
  private Optional<Schema> scalar(Schema.Field field) {
    if (field.schema().getType() != Schema.Type.UNION) {
      return Optional.of(field.schema());
    }
    List<Schema> types =
        field.schema().getTypes().stream().filter(s -> s.getType() != Schema.Type.NULL).toList();
    if (types.size() == 1) {
      return Optional.of(types.get(0));
    }
    mistakes.add(
        at,
        "the schema's field `" + field.name() + "` may be of " + types.size() + " types",
        "give it one, or one and null");
    return Optional.empty();
  }

  private void checkType(Schema.Field field, LogicalType column) {
    Optional<Schema> found = scalar(field);
    if (found.isEmpty()) {
      return;
    }
    Schema type = found.get();
    boolean fits =
        isText(type)
            || (column instanceof LogicalType.Whole && isWhole(type))
            || (column instanceof LogicalType.Exact && (isWhole(type) || isDecimal(type)))
            || (column instanceof LogicalType.Date
                && type.getLogicalType() instanceof LogicalTypes.Date)
            || (column instanceof LogicalType.Timestamp
                && (type.getLogicalType() instanceof LogicalTypes.TimestampMillis
                    || type.getLogicalType() instanceof LogicalTypes.TimestampMicros))
            || (column instanceof LogicalType.Bool && type.getType() == Schema.Type.BOOLEAN);
    if (!fits) {
      unfit(field, type, "the " + column + " of its column", wanted(column));
    }
  }

  private void unfit(Schema.Field field, Schema type, String what, String wanted) {
    String name =
        type.getLogicalType() == null ? type.getType().getName() : type.getLogicalType().getName();
    mistakes.add(
        at,
        "the schema's field `%s` is of type %s, which cannot hold %s exactly"
            .formatted(field.name(), name, what),
        "make it a " + wanted);
  }

  private static String wanted(LogicalType column) {
    if (column instanceof LogicalType.Whole) {
      return "long or a string";
    } else if (column instanceof LogicalType.Exact) {
      return "decimal or a string";
    } else if (column instanceof LogicalType.Date) {
      return "date or a string";
    } else if (column instanceof LogicalType.Timestamp) {
      return "timestamp-micros or a string";
    } else if (column instanceof LogicalType.Bool) {
      return "boolean or a string";
    }
    return "string";
  }

  private static boolean isText(Schema type) {
    return type.getType() == Schema.Type.STRING || type.getType() == Schema.Type.ENUM;
  }

  private static boolean isWhole(Schema type) {
    return type.getLogicalType() == null
        && (type.getType() == Schema.Type.INT || type.getType() == Schema.Type.LONG);
  }

  private static boolean isDecimal(Schema type) {
    return type.getLogicalType() instanceof LogicalTypes.Decimal;
  }
}
