package io.medallion.core.rows;

import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.InSet;
import scala.collection.JavaConverters;

/**
 * Finds the rows of some thousand keys in one scan: by a hash of the key, which a set of numbers is
 * asked for. Rows of other keys with the same hash come too; who reads them looks at the key.
 */
public final class KeyHash {
  private KeyHash() {}

  /** The hash of a key. Spark's hash passes over NULL; the flags keep keys apart that have some. */
  public static Column of(List<Column> key) {
    List<Column> hashed = new ArrayList<>();
    for (Column column : key) {
      hashed.add(column.isNull());
      hashed.add(column);
    }
    return xxhash64(hashed.toArray(Column[]::new));
  }

  /** Whether the hash is one of {@code hashes}. */
  public static Column isAmong(Column hash, Collection<Long> hashes) {
    // A list of literals would be analysed one by one.
    scala.collection.immutable.Set<Object> set =
        JavaConverters.asScalaBuffer(new ArrayList<Object>(hashes)).<Object>toSet();
    return new Column(new InSet(hash.expr(), set));
  }
}
