package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.gold.build.Line;
import io.medallion.gold.build.Session;
import io.medallion.gold.build.Shop;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import io.medallion.warehouse.snowflake.SnowflakeWarehouse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/** Changes the source, builds the star and loads it, over and over, until the process is killed. */
final class LoadLoop {
  private LoadLoop() {}

  static WarehouseLoad load(Shop shop, Path file) {
    return new WarehouseLoad(
        shop.spark,
        shop.lake,
        shop.ledger(),
        Shop.star(),
        List.of(),
        warehouse(shop, file),
        Shop.CLOCK,
        "loop",
        KnownChanges.NONE);
  }

  /** A DuckDB file, or what a file of Snowflake settings names. */
  static Warehouse warehouse(Shop shop, Path file) {
    return file.toString().endsWith(".yaml")
        ? new SnowflakeWarehouse(SnowflakeSettings.read(file, System::getenv))
        : new DuckDbWarehouse(shop.spark, shop.lake, file);
  }

  /**
   * Starts the loop in a process of its own and waits until its first load is done.
   *
   * @param place as {@link #warehouse} takes it
   */
  static Process start(Path lake, Path place, Map<String, String> environment) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-Duser.timezone=UTC",
            "-cp",
            System.getProperty("java.class.path"),
            LoadLoop.class.getName(),
            lake.toString(),
            place.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().putAll(environment);
    Process loop = builder.redirectErrorStream(true).start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(loop.getInputStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    for (String line = said.readLine(); !"ready".equals(line); line = said.readLine()) {
      assertThat(line).as(String.join("\n", lines)).isNotNull();
      lines.add(line);
    }
    return loop;
  }

  public static void main(String[] args) {
    Shop shop = new Shop(Session.small(), args[0]);
    Path file = Path.of(args[1]);
    shop.build(Shop.star());
    load(shop, file).changes();
    System.out.println("ready");
    for (int i = 0; ; i++) {
      // Splits a version of a customer, so that facts move from a version that goes.
      LocalDate day = LocalDate.of(2024, 1, 1).minusDays(i % 50);
      shop.put(
          Line.of("o" + i % 7, 1, day).customer("c1", "Ann " + i, "S" + i % 3),
          Line.of("o" + i % 5, 2, day.plusDays(i % 90)).place("DE", "Bonn", "R" + i % 4, "open"));
      shop.build(Shop.star());
      load(shop, file).changes();
      for (int again = 0; again < 4; again++) {
        load(shop, file).full();
      }
      System.out.println("loaded");
    }
  }
}
