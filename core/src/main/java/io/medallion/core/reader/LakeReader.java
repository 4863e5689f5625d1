package io.medallion.core.reader;

import io.medallion.core.LakeException;
import io.medallion.core.lake.Lake;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The tables of a lake, for who only looks: read from their Delta logs and Parquet files by Delta
 * Kernel, without a Spark session. Each table is read as it was when this reader was first asked
 * for it, so that what a command tells fits together. Thread-safe.
 */
public final class LakeReader {
  /** Lists a log on S3 from the file that is asked for on, instead of from its first. */
  private static final String LIST_FROM = "delta.enableFastS3AListFrom";

  private final Lake lake;
  private final Configuration hadoop;
  private final LogEngine engine;
  private final Map<String, TableReader> tables = new ConcurrentHashMap<>();

  /** Names of all tables; null until they were asked for. */
  private List<String> names;

  /** By qualified name, what another reader of the lake knew before. */
  private final Map<String, TableSnapshot> earlier = new ConcurrentHashMap<>();

  /**
   * @param hadoop settings of the file systems, those of S3 among them
   */
  public LakeReader(Lake lake, Configuration hadoop) {
    this.lake = lake;
    this.hadoop = new Configuration(hadoop);
    this.hadoop.setBooleanIfUnset(LIST_FROM, true);
    this.engine = new LogEngine(this.hadoop);
  }

  private LakeReader(LakeReader earlier) {
    this.lake = earlier.lake;
    this.hadoop = earlier.hadoop;
    this.engine = earlier.engine;
    earlier.tables.forEach(
        (name, table) -> table.known().ifPresent(known -> this.earlier.put(name, known)));
  }

  /** The lake as it is from now on; what this reader has read of logs need not be read again. */
  public LakeReader again() {
    return new LakeReader(this);
  }

  /** Whether every table is at the version at which an earlier reader showed it. */
  public boolean showsTheSameAs(LakeReader before) {
    return tablesNow().equals(before.tablesNow())
        && before.tables.values().stream()
            .allMatch(
                table ->
                    table
                        .known()
                        .equals(
                            tables
                                .computeIfAbsent(table.qualifiedName(), key -> again(table))
                                .latest()));
  }

  private TableReader again(TableReader table) {
    return new TableReader(
        engine,
        table.qualifiedName(),
        table.path(),
        Optional.ofNullable(earlier.get(table.qualifiedName())));
  }

  private synchronized List<String> tablesNow() {
    if (names == null) {
      names = new ArrayList<>();
      for (Lake.Layer layer : Lake.Layer.values()) {
        names(layer).forEach(name -> names.add(layer.folder() + "." + name));
      }
    }
    return names;
  }

  public Lake lake() {
    return lake;
  }

  /** The settings with which files are read. */
  public Configuration hadoop() {
    return hadoop;
  }

  /** The table of that name. It need not exist. */
  public TableReader table(Lake.Layer layer, String name) {
    String qualifiedName = layer.folder() + "." + name;
    return tables.computeIfAbsent(
        qualifiedName,
        key ->
            new TableReader(
                engine,
                qualifiedName,
                lake.root() + "/" + layer.folder() + "/" + name,
                Optional.ofNullable(earlier.get(qualifiedName))));
  }

  /** The manifest of everything landed. */
  public TableReader manifest() {
    return table(Lake.Layer.BRONZE, "manifest");
  }

  /** Records that broke a rule. */
  public TableReader quarantine() {
    return table(Lake.Layer.SILVER, "quarantine");
  }

  /** The ledger. */
  public TableReader runs() {
    return table(Lake.Layer.OPS, "runs");
  }

  /** Parquet files that are no table, such as landed events. */
  public ParquetRows parquet() {
    return new ParquetRows(engine);
  }

  /**
   * Names of a layer's tables, in the order of their file system.
   *
   * @throws LakeException where the lake cannot be read
   */
  public List<String> names(Lake.Layer layer) {
    Path folder = new Path(lake.root(), layer.folder());
    List<String> names = new ArrayList<>();
    try {
      FileSystem fs = folder.getFileSystem(hadoop);
      for (FileStatus child : fs.listStatus(folder)) {
        if (child.isDirectory() && fs.exists(new Path(child.getPath(), "_delta_log"))) {
          names.add(child.getPath().getName());
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new LakeException(
          "the lake " + lake.root() + " cannot be read: " + e.getMessage(), "check --lake", e);
    }
    return names;
  }
}
