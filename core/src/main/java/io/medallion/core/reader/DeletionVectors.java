package io.medallion.core.reader;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.util.HashMap;
import java.util.Map;

/**
 * Deletion vectors as Delta Kernel reads them right. Kernel 3.3.2 tells vectors that stand in the
 * log itself from those in files by the identity of a string, which texts that were read do not
 * have: they are replaced by the equal ones that the JVM keeps of each.
 */
final class DeletionVectors {
  private static final String VECTOR = "deletionVector";
  private static final String STORAGE_TYPE = "storageType";

  private DeletionVectors() {}

  /** The vector of a row of the log. */
  static DeletionVectorDescriptor of(Row vector) {
    return DeletionVectorDescriptor.fromRow(interned(vector));
  }

  /** A row of the files of a scan, whose vector can be read. */
  static Row readable(Row scanFile) {
    Row add = scanFile.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    int vector = add.getSchema().indexOf(VECTOR);
    if (add.isNullAt(vector)) {
      return scanFile;
    }
    Map<Integer, Object> addValues = values(add);
    addValues.put(vector, interned(add.getStruct(vector)));
    Map<Integer, Object> fileValues = values(scanFile);
    fileValues.put(
        InternalScanFileUtils.ADD_FILE_ORDINAL, new GenericRow(add.getSchema(), addValues));
    return new GenericRow(scanFile.getSchema(), fileValues);
  }

  private static Row interned(Row vector) {
    Map<Integer, Object> values = values(vector);
    values.computeIfPresent(
        vector.getSchema().indexOf(STORAGE_TYPE), (ordinal, type) -> ((String) type).intern());
    return new GenericRow(vector.getSchema(), values);
  }

  private static Map<Integer, Object> values(Row row) {
    Map<Integer, Object> values = new HashMap<>();
    for (int i = 0; i < row.getSchema().length(); i++) {
      if (!row.isNullAt(i)) {
        values.put(i, value(row, i, row.getSchema().at(i).getDataType()));
      }
    }
    return values;
  }

  private static Object value(Row row, int ordinal, DataType type) {
    if (type instanceof StringType) {
      return row.getString(ordinal);
    } else if (type instanceof LongType) {
      return row.getLong(ordinal);
    } else if (type instanceof IntegerType) {
      return row.getInt(ordinal);
    } else if (type instanceof BooleanType) {
      return row.getBoolean(ordinal);
    } else if (type instanceof MapType) {
      return row.getMap(ordinal);
    } else if (type instanceof StructType) {
      return row.getStruct(ordinal);
    }
    throw new IllegalArgumentException("a file of a log has no " + type);
  }
}
