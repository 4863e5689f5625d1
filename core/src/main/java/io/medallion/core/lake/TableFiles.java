package io.medallion.core.lake;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.files.TahoeBatchFileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * The data files of one version of a table, known on the driver: from the checksum that Delta
 * writes beside each commit while files are few, by a Spark job where it has no list of them.
 */
final class TableFiles {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final SparkSession spark;
  private final Snapshot snapshot;
  private final List<AddFile> files;

  private TableFiles(SparkSession spark, Snapshot snapshot, List<AddFile> files) {
    this.spark = spark;
    this.snapshot = snapshot;
    this.files = files;
  }

  /** Those of a table's latest version. */
  static TableFiles of(LakeTable table) {
    Snapshot snapshot = table.snapshot();
    if (snapshot.version() < 0) {
      throw new IllegalStateException(table + " does not exist");
    }
    return new TableFiles(table.spark(), snapshot, of(snapshot));
  }

  static TableFiles of(LakeTable table, Snapshot snapshot) {
    return new TableFiles(table.spark(), snapshot, of(snapshot));
  }

  static List<AddFile> of(Snapshot snapshot) {
    Option<VersionChecksum> checksum = snapshot.checksumOpt();
    return checksum.isDefined() && checksum.get().allFiles().isDefined()
        ? JavaConverters.seqAsJavaList(checksum.get().allFiles().get())
        : snapshot.allFiles().collectAsList();
  }

  /** The files themselves. */
  List<AddFile> list() {
    return files;
  }

  /**
   * Those that commits after a version added.
   *
   * @return empty where the log does not tell: it was cleaned, rows were removed, or files that
   *     were added have been put together since
   */
  static Optional<TableFiles> addedSince(LakeTable table, long version) {
    Snapshot snapshot = table.snapshot();
    Map<String, AddFile> added = new LinkedHashMap<>();
    long next = version + 1;
    Iterator<Tuple2<Object, Seq<Action>>> commits = table.commits(next);
    while (next <= snapshot.version() && commits.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = commits.next();
      if ((Long) commit._1() != next) {
        return Optional.empty();
      }
      next++;
      for (Action action : JavaConverters.seqAsJavaList(commit._2())) {
        if (action instanceof AddFile file && file.dataChange()) {
          added.put(file.path(), file);
        } else if (action instanceof RemoveFile file
            && (file.dataChange() || added.containsKey(file.path()))) {
          return Optional.empty();
        }
      }
    }
    return next <= snapshot.version()
        ? Optional.empty()
        : Optional.of(new TableFiles(table.spark(), snapshot, List.copyOf(added.values())));
  }

  /** The name of a data file without its folder. */
  static String name(AddFile file) {
    return new Path(URI.create(file.path())).getName();
  }

  /** The files that may hold values within all of the bounds. */
  TableFiles within(List<ColumnBounds> bounds) {
    if (bounds.isEmpty()) {
      return this;
    }
    List<AddFile> kept = files.stream().filter(file -> mayHold(file, bounds)).toList();
    return new TableFiles(spark, snapshot, kept);
  }

  private boolean mayHold(AddFile file, List<ColumnBounds> bounds) {
    if (file.stats() == null) {
      return true;
    }
    try {
      JsonNode statistics = JSON.readTree(file.stats());
      return bounds.stream().allMatch(b -> overlaps(statistics, b));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("broken statistics of " + file.path(), e);
    }
  }

  private boolean overlaps(JsonNode statistics, ColumnBounds bounds) {
    DataType type = snapshot.schema().apply(bounds.column()).dataType();
    JsonNode least = statistics.path("minValues").path(bounds.column());
    JsonNode most = statistics.path("maxValues").path(bounds.column());
    return holds(type, least, bounds.most(), (a, b) -> a <= 0)
        && holds(type, most, bounds.least(), (a, b) -> a >= 0);
  }

  /** True where the file's bound is not known, or is of a type that is not compared here. */
  private static boolean holds(
      DataType type, JsonNode inFile, Object bound, BiPredicate<Integer, Integer> sign) {
    if (!inFile.isValueNode() || inFile.isNull()) {
      return true;
    }
    if (type.equals(DataTypes.StringType)) {
      return sign.test(text(inFile.asText()).compareTo(text((String) bound)), 0);
    } else if (type.equals(DataTypes.LongType)
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.ShortType)
        || type.equals(DataTypes.ByteType)) {
      return sign.test(Long.compare(inFile.asLong(), ((Number) bound).longValue()), 0);
    } else if (type instanceof DecimalType) {
      return sign.test(inFile.decimalValue().compareTo((BigDecimal) bound), 0);
    } else if (type.equals(DataTypes.DateType)) {
      return sign.test(LocalDate.parse(inFile.asText()).compareTo(day(bound)), 0);
    } else if (type.equals(DataTypes.TimestampType)) {
      return moment(inFile, bound, sign);
    }
    return true;
  }

  /** Delta cuts moments to milliseconds: each stands for all within its own. */
  private static boolean moment(JsonNode inFile, Object bound, BiPredicate<Integer, Integer> sign) {
    Instant moment = OffsetDateTime.parse(inFile.asText()).toInstant();
    Instant wanted = bound instanceof Timestamp t ? t.toInstant() : (Instant) bound;
    return sign.test(moment.compareTo(wanted), 0)
        || sign.test(moment.plusMillis(1).compareTo(wanted), 0);
  }

  private static UTF8String text(String value) {
    return UTF8String.fromString(value);
  }

  private static LocalDate day(Object value) {
    return value instanceof java.sql.Date date ? date.toLocalDate() : (LocalDate) value;
  }

  /** The rows of these files, by no job where there are no files. */
  List<Row> collected() {
    return files.isEmpty() ? List.of() : rows().collectAsList();
  }

  /** The rows of these files. */
  Dataset<Row> rows() {
    DeltaLog log = snapshot.deltaLog();
    StructType schema = snapshot.schema();
    HadoopFsRelation relation =
        new HadoopFsRelation(
            new Index(spark, log, snapshot, JavaConverters.asScalaBuffer(files).toSeq()),
            snapshot.metadata().partitionSchema(),
            schema,
            Option.empty(),
            log.fileFormat(snapshot.protocol(), snapshot.metadata()),
            snapshot.metadata().format().options(),
            spark);
    return Dataset.ofRows(spark, LogicalRelation$.MODULE$.apply(relation, false));
  }

  /** The rows of these files, with their positions. */
  Dataset<Row> rowsWithPositions() {
    List<Column> columns = new ArrayList<>();
    for (String name : snapshot.schema().fieldNames()) {
      columns.add(col("`" + name + "`"));
    }
    columns.add(col("_metadata.file_name").as(LakeTable.FILE_NAME));
    columns.add(col("_metadata.row_index").as(LakeTable.ROW_INDEX));
    return rows().select(columns.toArray(Column[]::new));
  }

  /** Delta's own index asks a query for the files that it was given. */
  private static final class Index extends TahoeBatchFileIndex {
    private final boolean partitioned;

    Index(SparkSession spark, DeltaLog log, Snapshot snapshot, Seq<AddFile> files) {
      super(spark, "batch", files, log, log.dataPath(), snapshot, false);
      this.partitioned = !snapshot.metadata().partitionColumns().isEmpty();
    }

    @Override
    public Seq<AddFile> matchingFiles(
        Seq<Expression> partitionFilters, Seq<Expression> dataFilters) {
      return partitioned ? super.matchingFiles(partitionFilters, dataFilters) : addFiles();
    }
  }
}
