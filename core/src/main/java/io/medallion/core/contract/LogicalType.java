package io.medallion.core.contract;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The logical types a contract may give a column, and the Spark type each is stored as. */
public sealed interface LogicalType extends java.io.Serializable {

  /** Text of any length; blank text is absent. */
  record Text() implements LogicalType {
    @Override
    public DataType sparkType() {
      return DataTypes.StringType;
    }

    @Override
    public String toString() {
      return "string";
    }
  }

  /** A 64-bit signed whole number. */
  record Whole() implements LogicalType {
    @Override
    public DataType sparkType() {
      return DataTypes.LongType;
    }

    @Override
    public String toString() {
      return "integer";
    }
  }

  /**
   * An exact decimal number of at most {@code precision} digits, {@code scale} of them fractional.
   */
  record Exact(int precision, int scale) implements LogicalType {
    public Exact {
      if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
        throw new IllegalArgumentException(
            "decimal(" + precision + "," + scale + ") is not a decimal of 1 to 38 digits");
      }
    }

    @Override
    public DataType sparkType() {
      return DataTypes.createDecimalType(precision, scale);
    }

    @Override
    public String toString() {
      return "decimal(" + precision + "," + scale + ")";
    }
  }

  /** A calendar date without a time zone. */
  record Date() implements LogicalType {
    @Override
    public DataType sparkType() {
      return DataTypes.DateType;
    }

    @Override
    public String toString() {
      return "date";
    }
  }

  /** An instant; text without an offset is read as UTC. Microsecond precision. */
  record Timestamp() implements LogicalType {
    @Override
    public DataType sparkType() {
      return DataTypes.TimestampType;
    }

    @Override
    public String toString() {
      return "timestamp";
    }
  }

  /** {@code true} or {@code false}. */
  record Bool() implements LogicalType {
    @Override
    public DataType sparkType() {
      return DataTypes.BooleanType;
    }

    @Override
    public String toString() {
      return "boolean";
    }
  }

  /** The type in which silver and everything after it stores the column. */
  DataType sparkType();
}
