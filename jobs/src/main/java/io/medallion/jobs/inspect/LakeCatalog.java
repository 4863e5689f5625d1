package io.medallion.jobs.inspect;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.Mistake;
import io.medallion.core.lake.Lake;
import io.medallion.core.lake.LakeTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.CommandExecutionMode;
import scala.collection.JavaConverters;

/** The lake's tables under their SQL names, for reading. */
public final class LakeCatalog {
  private static final Pattern NAME =
      Pattern.compile("(?i)\\b(bronze|silver|gold|ops)\\s*\\.\\s*`?(\\w+)`?");
  private final SparkSession spark;
  private final Lake lake;

  public LakeCatalog(SparkSession spark, Lake lake) {
    this.spark = spark;
    this.lake = lake;
  }

  /** The tables that exist whose names stand in a query. */
  public List<LakeTable> named(String sql) {
    List<LakeTable> tables = new ArrayList<>();
    Matcher names = NAME.matcher(sql);
    while (names.find()) {
      LakeTable table =
          lake.table(
              spark, Lake.Layer.valueOf(names.group(1).toUpperCase(Locale.ROOT)), names.group(2));
      if (table.exists()) {
        tables.add(table);
      }
    }
    return tables;
  }

  /**
   * Runs a query that changes nothing and reads tables of the lake alone.
   *
   * @throws ConfigurationException where the text is no query, or names what does not exist
   */
  public Dataset<Row> query(String sql) {
    return query(sql, /* files= */ false);
  }

  /** The same, for a query that may also read files that it names. */
  public Dataset<Row> queryWithFiles(String sql) {
    return query(sql, /* files= */ true);
  }

  private Dataset<Row> query(String sql, boolean files) {
    SparkSession session = spark.newSession();
    JavaConverters.mapAsJavaMap(spark.conf().getAll())
        .forEach(
            (key, value) -> {
              if (spark.conf().isModifiable(key)) {
                session.conf().set(key, value);
              }
            });
    session.conf().set("spark.sql.runSQLOnFiles", files);
    LogicalPlan parsed = parsed(session, sql);
    if (sql.strip().toLowerCase(Locale.ROOT).startsWith("show")) {
      registerAll();
    } else {
      Matcher names = NAME.matcher(sql);
      while (names.find()) {
        register(Lake.Layer.valueOf(names.group(1).toUpperCase(Locale.ROOT)), names.group(2));
      }
    }
    try {
      // Spark runs a command as soon as it has analysed it: here it is looked at before.
      LogicalPlan analyzed =
          session.sessionState().executePlan(parsed, CommandExecutionMode.SKIP()).analyzed();
      new ReadingPlan(lake, spark.sparkContext().hadoopConfiguration(), files).check(analyzed);
      return session.sql(sql);
    } catch (ConfigurationException e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof AnalysisException) {
        throw new ConfigurationException(new Mistake("QUERY", firstLine(e.getMessage()), known()));
      }
      throw e;
    }
  }

  private static LogicalPlan parsed(SparkSession session, String sql) {
    try {
      return session.sessionState().sqlParser().parsePlan(sql);
    } catch (ParseException e) {
      throw new ConfigurationException(
          new Mistake("QUERY", firstLine(e.getMessage()), "see Spark SQL's reference"));
    }
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElse("");
  }

  private String known() {
    List<String> tables = new ArrayList<>();
    for (Lake.Layer layer : Lake.Layer.values()) {
      names(layer).forEach(name -> tables.add(layer.folder() + "." + name));
    }
    return tables.isEmpty()
        ? "the lake " + lake.root() + " holds no table yet: run medallion run first"
        : "the lake's tables are " + String.join(", ", tables);
  }

  /** Spark makes a folder for a database, though none of its tables is ever in it. */
  private void createDatabase(Lake.Layer layer) {
    if (spark.catalog().databaseExists(layer.folder())) {
      return;
    }
    try {
      java.nio.file.Path folder = Files.createTempDirectory("medallion-" + layer.folder());
      folder.toFile().deleteOnExit();
      spark.sql(
          "CREATE DATABASE IF NOT EXISTS " + layer.folder() + " LOCATION '" + folder.toUri() + "'");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void registerAll() {
    for (Lake.Layer layer : Lake.Layer.values()) {
      createDatabase(layer);
      names(layer).forEach(name -> register(layer, name));
    }
  }

  private void register(Lake.Layer layer, String name) {
    LakeTable table = lake.table(spark, layer, name);
    if (table.exists()) {
      createDatabase(layer);
      spark.sql(
          "CREATE TABLE IF NOT EXISTS "
              + layer.folder()
              + ".`"
              + name
              + "` USING delta LOCATION '"
              + table.path().replace("'", "\\'")
              + "'");
    }
  }

  /** Names of a layer's tables. */
  public List<String> names(Lake.Layer layer) {
    Path folder = new Path(lake.root(), layer.folder());
    List<String> names = new ArrayList<>();
    try {
      FileSystem fs = folder.getFileSystem(spark.sparkContext().hadoopConfiguration());
      for (FileStatus child : fs.listStatus(folder)) {
        String name = child.getPath().getName();
        if (child.isDirectory() && fs.exists(new Path(child.getPath(), "_delta_log"))) {
          names.add(name);
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
