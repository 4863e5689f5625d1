package io.medallion.core.reader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.FileStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What Delta Kernel reads, as values of Java. */
final class KernelRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private KernelRows() {}

  /** The value at a place of a column; null where it is absent. */
  static Object value(ColumnVector column, int at) {
    if (column.isNullAt(at)) {
      return null;
    }
    DataType type = column.getDataType();
    if (type instanceof StringType) {
      return column.getString(at);
    } else if (type instanceof LongType) {
      return column.getLong(at);
    } else if (type instanceof IntegerType) {
      return column.getInt(at);
    } else if (type instanceof DecimalType) {
      return column.getDecimal(at);
    } else if (type instanceof DateType) {
      return LocalDate.ofEpochDay(column.getInt(at));
    } else if (type instanceof TimestampType) {
      return instant(column.getLong(at));
    } else if (type instanceof TimestampNTZType) {
      return LocalDateTime.ofInstant(instant(column.getLong(at)), ZoneOffset.UTC);
    } else if (type instanceof BooleanType) {
      return column.getBoolean(at);
    } else if (type instanceof BinaryType) {
      return column.getBinary(at);
    } else if (type instanceof DoubleType) {
      return column.getDouble(at);
    } else if (type instanceof FloatType) {
      return column.getFloat(at);
    } else if (type instanceof ShortType) {
      return column.getShort(at);
    } else if (type instanceof ByteType) {
      return column.getByte(at);
    } else if (type instanceof ArrayType) {
      return list(column.getArray(at));
    } else if (type instanceof MapType) {
      return map(column.getMap(at));
    } else if (type instanceof StructType struct) {
      Map<String, Object> values = new LinkedHashMap<>();
      int ordinal = 0;
      for (StructField field : struct.fields()) {
        values.put(field.getName(), value(column.getChild(ordinal++), at));
      }
      return new StructRow(values);
    }
    throw new IllegalArgumentException("no column of this project has the type " + type);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static List<Object> list(ArrayValue array) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < array.getSize(); i++) {
      list.add(value(array.getElements(), i));
    }
    return list;
  }

  private static Map<Object, Object> map(MapValue map) {
    Map<Object, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < map.getSize(); i++) {
      values.put(value(map.getKeys(), i), value(map.getValues(), i));
    }
    return values;
  }

  /** A struct whose values are out of their columns. */
  record StructRow(Map<String, Object> values) implements LakeRow {
    StructRow {
      values = Collections.unmodifiableMap(values);
    }

    @Override
    public List<String> columns() {
      return List.copyOf(values.keySet());
    }

    @Override
    public Object value(String column) {
      return values.get(column);
    }
  }

  /** A row of the files of a scan, whose statistics were asked for. */
  static TableSnapshot.DataFile dataFile(Row scanFile) {
    FileStatus status = InternalScanFileUtils.getAddFileStatus(scanFile);
    Row add = scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    OptionalLong written = OptionalLong.empty();
    int stats = add.getSchema().indexOf("stats");
    if (stats >= 0 && !add.isNullAt(stats)) {
      written = rows(add.getString(stats));
    }
    DeletionVectorDescriptor deleted =
        InternalScanFileUtils.getDeletionVectorDescriptorFromRow(scanFile);
    long gone = deleted == null ? 0 : deleted.getCardinality();
    return new TableSnapshot.DataFile(
        status.getPath(),
        status.getSize(),
        written.isPresent() ? OptionalLong.of(written.getAsLong() - gone) : written);
  }

  private static OptionalLong rows(String stats) {
    try {
      JsonNode number = JSON.readTree(stats).path("numRecords");
      return number.isIntegralNumber() ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a log's statistics are no JSON: " + stats, e);
    }
  }
}
