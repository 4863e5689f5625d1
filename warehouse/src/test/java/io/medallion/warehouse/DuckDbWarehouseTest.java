package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.LakeException;
import io.medallion.gold.build.Line;
import io.medallion.gold.build.Shop;
import io.medallion.warehouse.duckdb.DuckDbWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DuckDbWarehouseTest extends WarehouseContract {

  private Path file() {
    return dir.resolve("warehouse.duckdb");
  }

  @Override
  Warehouse open() {
    return new DuckDbWarehouse(shop.spark, shop.lake, file());
  }

  @Override
  List<List<Object>> query(String sql) {
    return query(file(), sql);
  }

  static List<List<Object>> query(Path file, String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Override
  void execute(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Test
  void aReaderNeitherWaitsForALoadNorHoldsItUp() throws Exception {
    changes();
    try (OtherProgram reader = OtherProgram.start(OtherProgram.Use.READ, file())) {
      assertThat(reader.answer()).isEqualTo("6 10.50000 4");
      shop.put(Line.of("o1", 1, DAY).amount("3.00000"), Line.of("o8", 1, DAY));
      shop.build(Shop.star());

      changes();

      reader.goOn();
      assertThat(reader.answer()).as("what it has open").isEqualTo("6 10.50000 4");
      reader.goOn();
      assertThat(reader.answer()).as("what it opens anew").isEqualTo("7 3.00000 4");
    }
  }

  @Test
  void aProgramThatHasTheFileOpenForWritingIsNamed() throws Exception {
    changes();
    try (OtherProgram writer = OtherProgram.start(OtherProgram.Use.WRITE, file())) {
      assertThat(writer.answer()).startsWith("6 ");
      assertThatThrownBy(this::changes)
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("another program has " + file() + " open for writing: ")
          .hasMessageContaining("(PID " + writer.pid() + ")")
          .hasMessageContaining(
              "fix: close it there, or open it read-only there: duckdb -readonly");
    }
  }

  @Test
  void aSecondWriterIsToldOfTheFirst() throws Exception {
    try (OtherProgram other = OtherProgram.start(OtherProgram.Use.LOAD, file())) {
      assertThat(other.answer()).isEqualTo("locked");
      assertThatThrownBy(this::changes)
          .isInstanceOf(LakeException.class)
          .hasMessage(
              "another load is writing %s: process %d\n    fix: wait until it has ended and load again; readers need not wait"
                  .formatted(file(), other.pid()));
    }
    changes();
    isGold();
  }

  @Test
  void changesThatAnotherProgramLeftInALogAreNotLost() throws Exception {
    changes();
    shop.put(Line.of("o1", 1, DAY).amount("3.00000"));
    shop.build(Shop.star());
    Files.writeString(dir.resolve("warehouse.duckdb.wal"), "");

    assertThatThrownBy(this::changes)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("and left warehouse.duckdb.wal");
  }

  @Test
  void aFileThatIsNoDuckDbFileIsLeftAlone() throws Exception {
    Files.writeString(file(), "a letter to mother, long enough to be no empty file".repeat(300));

    assertThatThrownBy(this::changes)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(file() + " cannot be opened as a DuckDB file");

    assertThat(file()).content().startsWith("a letter");
  }

  @Test
  void whatTheUserAddsStaysAndIsNeverTakenForATableOfTheStar() {
    execute("CREATE TABLE dim_place AS SELECT 1 AS mine");

    assertThatThrownBy(this::changes)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("a table dim_place that no load of Medallion made");

    execute("ALTER TABLE dim_place RENAME TO my_places");
    changes();
    assertThat(query("SELECT * FROM my_places")).containsExactly(List.of(1));
    isGold();
  }

  @Test
  void typesNotNullAndCommentsComeFromTheStar() {
    changes();

    assertThat(
            query(
                "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns()"
                    + " WHERE table_name = 'fact' AND column_name IN"
                    + " ('order_id', 'day_key', 'customer_key', 'double_amount')"))
        .containsExactlyInAnyOrder(
            List.of("order_id", "VARCHAR", false, "The order_id"),
            List.of("day_key", "INTEGER", false, "The day of day as yyyymmdd; 0 is no date"),
            List.of(
                "customer_key",
                "BIGINT",
                false,
                "The version of dim_customer as of day; 0 is unknown"),
            List.of("double_amount", "DECIMAL(19,5)", true, "Twice"));
    assertThat(query("SELECT comment FROM duckdb_tables() WHERE table_name = 'dim_customer'"))
        .containsExactly(List.of("Customers"));
    assertThat(query("SELECT comment FROM duckdb_views() WHERE view_name = 'v_by_customer'"))
        .containsExactly(List.of("Amounts by customer's name"));
  }

  @Test
  void nothingIsLeftBesideTheFile() throws Exception {
    changes();

    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lake", "warehouse.duckdb", "warehouse.duckdb.lock");
    }
  }
}
