package io.medallion.core.lake;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.spark.sql.Row;

/** What becomes of one row of a table. Rows have the table's columns, in its order. */
public sealed interface RowChange {

  /** A row that the table gets. */
  record Inserted(Row after) implements RowChange {
    public Inserted {
      requireNonNull(after, "after");
    }
  }

  /** A row of the table that another one takes the place of. */
  record Updated(RowPosition position, Row before, Row after) implements RowChange {
    public Updated {
      requireNonNull(position, "position");
      requireNonNull(before, "before");
      requireNonNull(after, "after");
    }
  }

  /** A row that leaves the table. */
  record Deleted(RowPosition position, Row before) implements RowChange {
    public Deleted {
      requireNonNull(position, "position");
      requireNonNull(before, "before");
    }
  }

  /** Where the row is that the table loses; empty where it loses none. */
  default Optional<RowPosition> taken() {
    if (this instanceof Updated updated) {
      return Optional.of(updated.position());
    }
    return this instanceof Deleted deleted ? Optional.of(deleted.position()) : Optional.empty();
  }

  /** The row that the table gets; empty where it gets none. */
  default Optional<Row> given() {
    if (this instanceof Updated updated) {
      return Optional.of(updated.after());
    }
    return this instanceof Inserted inserted ? Optional.of(inserted.after()) : Optional.empty();
  }
}
