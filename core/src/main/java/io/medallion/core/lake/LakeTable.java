package io.medallion.core.lake;

import io.delta.tables.DeltaTable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.FileAction;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A Delta table of the lake, by its path.
 *
 * <p>Versions and transactions are read from Delta's own log object: asking by SQL costs a Spark
 * job each time.
 */
public final class LakeTable {
  /**
   * The table property that names the columns by whose least and most values readers skip files.
   * Delta keeps those of the first 32 columns where it is not set, and every task of every write
   * pays for them.
   */
  public static final String SKIPPING_COLUMNS = "delta.dataSkippingStatsColumns";

  /** The column with the name of a row's file. */
  public static final String FILE_NAME = "_file_name";

  /** The column with the number of a row in its file. */
  public static final String ROW_INDEX = "_row_index";

  private final SparkSession spark;
  private final Lake.Layer layer;
  private final String name;
  private final String path;

  LakeTable(SparkSession spark, Lake.Layer layer, String name, String path) {
    this.spark = spark;
    this.layer = layer;
    this.name = name;
    this.path = path;
  }

  /** {@code layer.name}, as SQL names it. */
  public String qualifiedName() {
    return layer.folder() + "." + name;
  }

  public String name() {
    return name;
  }

  public String path() {
    return path;
  }

  /** Whether the table has a first commit. */
  public boolean exists() {
    return snapshot().version() >= 0;
  }

  /** The latest version, -1 where the table does not exist. */
  public long version() {
    return snapshot().version();
  }

  /** The schema, empty where the table does not exist. */
  public StructType schema() {
    return exists() ? snapshot().schema() : new StructType();
  }

  /** The table's own properties. */
  public Map<String, String> properties() {
    return scala.collection.JavaConverters.mapAsJavaMap(snapshot().metadata().configuration());
  }

  /** The last version that {@code application} committed under, by Delta's idempotent writes. */
  public OptionalLong lastTransaction(String application) {
    return lastTransaction(snapshot(), application);
  }

  static OptionalLong lastTransaction(Snapshot snapshot, String application) {
    Seq<SetTransaction> all =
        checksum(snapshot)
            .flatMap(checksum -> optional(checksum.setTransactions()))
            .orElseGet(snapshot::setTransactions);
    return JavaConverters.seqAsJavaList(all).stream()
        .filter(transaction -> transaction.appId().equals(application))
        .mapToLong(SetTransaction::version)
        .findFirst();
  }

  /** How many data files are smaller than this. */
  public long filesSmallerThan(long bytes) {
    return TableFiles.of(snapshot()).stream().filter(file -> file.size() < bytes).count();
  }

  /** Data files of the latest version, and their bytes; zero where the table does not exist. */
  public Size size() {
    Snapshot snapshot = snapshot();
    if (snapshot.version() < 0) {
      return new Size(0, 0);
    }
    return checksum(snapshot)
        .map(checksum -> new Size(checksum.numFiles(), checksum.tableSizeBytes()))
        .orElseGet(() -> new Size(snapshot.numOfFiles(), snapshot.sizeInBytes()));
  }

  /** How much a table holds. */
  public record Size(long files, long bytes) {}

  /** What the last commit wrote beside itself; where it did not, Delta replays the log. */
  private static Optional<VersionChecksum> checksum(Snapshot snapshot) {
    return optional(snapshot.checksumOpt());
  }

  private static <T> Optional<T> optional(Option<T> option) {
    return option.isDefined() ? Optional.of(option.get()) : Optional.empty();
  }

  /** Replays the log, which reads and writes of this version then need not wait for. */
  void replay() {
    if (exists()) {
      snapshot().computedState();
    }
  }

  Snapshot snapshot() {
    return DeltaLog.forTable(spark, path).update(false, Option.empty(), Option.empty());
  }

  /**
   * Whether a commit after {@code version} changed rows, or may have, since the log was cleaned of
   * it; what only puts files together does not.
   */
  public boolean hasChangedSince(long version) {
    if (version() <= version) {
      return false;
    }
    Iterator<Tuple2<Object, Seq<Action>>> commits = commits(version + 1);
    long next = version + 1;
    while (commits.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = commits.next();
      if ((Long) commit._1() != next++) {
        return true;
      }
      for (Action action : JavaConverters.seqAsJavaList(commit._2())) {
        if (action instanceof FileAction file && file.dataChange()) {
          return true;
        }
      }
    }
    return false;
  }

  /** The table's latest rows. */
  public Dataset<Row> read() {
    return inItsSession(() -> spark.read().format("delta").load(path));
  }

  /**
   * The table's latest rows, read from the files that it has now: Delta asks nothing of its log
   * when the rows are, and what others commit until then is not among them.
   *
   * @param bounds of values that matter; files that have none within them are left out, other rows
   *     of other files are not
   */
  public Dataset<Row> rowsWithin(ColumnBounds... bounds) {
    return inItsSession(() -> TableFiles.of(this).within(List.of(bounds)).rows());
  }

  /** The table's rows at a version, from the files that it had then if that is the latest one. */
  public Dataset<Row> rowsAt(long version) {
    Snapshot snapshot = snapshot();
    return snapshot.version() == version
        ? inItsSession(() -> TableFiles.of(this, snapshot).rows())
        : read(version);
  }

  /**
   * The number of rows at a version, from the statistics of its files.
   *
   * @throws IllegalStateException where a file was written without statistics
   */
  public long rowCount(long version) {
    return at(version)
        .orElseThrow(() -> new IllegalStateException(this + " has no version " + version))
        .rowCount()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "nothing says how many rows "
                        + this
                        + " has at version "
                        + version
                        + ", since a file was written without statistics. Run OPTIMIZE on it."));
  }

  /**
   * As {@link #rowsWithin}, with the position of each row in two more columns, {@value #FILE_NAME}
   * and {@value #ROW_INDEX}: a {@link RowPosition}.
   */
  public Dataset<Row> rowsWithPositions(ColumnBounds... bounds) {
    return inItsSession(() -> TableFiles.of(this).within(List.of(bounds)).rowsWithPositions());
  }

  /**
   * The rows that commits after a version added, few as they are taken to be.
   *
   * @return empty where the log does not tell: it was cleaned, rows were removed, or files were put
   *     together since
   */
  public Optional<List<Row>> rowsAddedSince(long version) {
    return inItsSession(() -> TableFiles.addedSince(this, version).map(TableFiles::collected));
  }

  /**
   * Appends a few rows, without a Spark job where the table asks for nothing that only Delta's own
   * writer does.
   *
   * @param rows of the table's columns, in its order
   * @return and throws what {@link RowDelta#commit} does
   */
  public long append(List<Row> rows, Optional<CommitLabel> label) {
    List<RowChange> changes = rows.stream().<RowChange>map(RowChange.Inserted::new).toList();
    RowDelta way = PositionDelta.appends(this) ? new PositionDelta() : new MergeDelta(List.of());
    return way.commit(this, changes, label);
  }

  /**
   * One version of the table.
   *
   * @return absent where the table has no such version yet
   */
  public Optional<TableVersion> at(long version) {
    Snapshot latest = snapshot();
    if (version < 0 || version > latest.version()) {
      return Optional.empty();
    }
    // Asked for by number, Delta computes a version's state anew though it is the latest one.
    return Optional.of(
        new TableVersion(
            this,
            version == latest.version()
                ? latest
                : latest.deltaLog().getSnapshotAt(version, Option.empty(), Option.empty())));
  }

  /**
   * Appends a few rows, as {@link #append}, if the table's latest version is still this one.
   *
   * @return the version of the commit
   * @throws io.delta.exceptions.DeltaConcurrentModificationException where another commit came in
   *     between that changed rows or columns; nothing is appended
   */
  public long appendTo(long version, List<Row> rows) {
    return inItsSession(() -> PositionDelta.append(this, version, rows));
  }

  /** The version that a label's commit made, looked for from a version on. */
  long versionOf(CommitLabel label, long from) {
    Iterator<Tuple2<Object, Seq<Action>>> commits = commits(from);
    while (commits.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = commits.next();
      for (Action action : JavaConverters.seqAsJavaList(commit._2())) {
        if (action instanceof SetTransaction transaction
            && transaction.appId().equals(label.application())
            && transaction.version() == label.number()) {
          return (Long) commit._1();
        }
      }
    }
    throw new IllegalStateException(this + " has no commit " + label + " from version " + from);
  }

  Iterator<Tuple2<Object, Seq<Action>>> commits(long from) {
    return JavaConverters.asJavaIterator(DeltaLog.forTable(spark, path).getChanges(from, false));
  }

  /** The table's rows at a version. */
  public Dataset<Row> read(long version) {
    return inItsSession(
        () -> spark.read().format("delta").option("versionAsOf", version).load(path));
  }

  /** Row changes from one version to another, both included, with Delta's {@code _change_type}. */
  public Dataset<Row> changes(long fromVersion, long toVersion) {
    return inItsSession(
        () ->
            spark
                .read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", fromVersion)
                .option("endingVersion", toVersion)
                .load(path));
  }

  /** Delta binds what it reads to the thread's session, whichever was asked to read. */
  <T> T inItsSession(Supplier<T> read) {
    Option<SparkSession> before = SparkSession.getActiveSession();
    SparkSession.setActiveSession(spark);
    try {
      return read.get();
    } finally {
      if (before.isDefined()) {
        SparkSession.setActiveSession(before.get());
      } else {
        SparkSession.clearActiveSession();
      }
    }
  }

  /** The table for Delta's own operations. */
  public DeltaTable delta() {
    return DeltaTable.forPath(spark, path);
  }

  /** The session the table is read and written with. */
  public SparkSession spark() {
    return spark;
  }

  /**
   * Creates the table unless it exists.
   *
   * <p>Delta's own CREATE TABLE IF NOT EXISTS takes any folder that is not empty for a table: also
   * what a process left that was killed before its first commit.
   */
  public void createIfAbsent(StructType schema, Map<String, String> properties) {
    if (exists()) {
      return;
    }
    try {
      inItsSession(() -> create(schema, properties));
    } catch (Exception e) {
      // Another process may have made it in between, which Delta reports by several exceptions.
      if (!exists()) {
        throw e;
      }
    }
  }

  private long create(StructType schema, Map<String, String> properties) {
    OptimisticTransaction transaction = DeltaLog.forTable(spark, path).startTransaction();
    if (transaction.readVersion() >= 0) {
      return transaction.readVersion();
    }
    Metadata blank = transaction.metadata();
    scala.collection.immutable.Map<String, String> configuration = blank.configuration();
    for (Map.Entry<String, String> property : properties.entrySet()) {
      configuration = configuration.updated(property.getKey(), property.getValue());
    }
    transaction.updateMetadataForNewTable(
        blank.copy(
            blank.id(),
            blank.name(),
            blank.description(),
            blank.format(),
            schema.json(),
            blank.partitionColumns(),
            configuration,
            blank.createdTime()));
    return transaction.commit(
        JavaConverters.asScalaBuffer(List.<Action>of()).toSeq(),
        new DeltaOperations.CreateTable(transaction.metadata(), false, false, Option.empty()));
  }

  @Override
  public String toString() {
    return qualifiedName();
  }
}
