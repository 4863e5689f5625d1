package io.medallion.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.warehouse.snowflake.SnowflakeAccess;
import io.medallion.warehouse.snowflake.SnowflakeSettings;
import io.medallion.warehouse.snowflake.SnowflakeWarehouse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract against a real account; it empties a schema, whose name must end in _TEST. */
@EnabledIfEnvironmentVariable(
    named = "MEDALLION_SNOWFLAKE_CONFIG",
    matches = ".+",
    disabledReason = "skipped: MEDALLION_SNOWFLAKE_CONFIG names no file of Snowflake settings")
class SnowflakeAccountTest extends WarehouseContract {
  private final SnowflakeSettings settings =
      SnowflakeSettings.read(Path.of(System.getenv("MEDALLION_SNOWFLAKE_CONFIG")), System::getenv);

  @BeforeEach
  void empty() {
    assertThat(settings.schema().toUpperCase(java.util.Locale.ROOT)).endsWith("_TEST");
    execute("CREATE OR REPLACE SCHEMA " + settings.schema());
  }

  @Override
  Warehouse open() {
    return new SnowflakeWarehouse(settings);
  }

  @Override
  List<List<Object>> query(String sql) {
    try (Connection connection = SnowflakeAccess.connect(settings);
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
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  @Override
  void execute(String sql) {
    try (Connection connection = SnowflakeAccess.connect(settings);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }
}
