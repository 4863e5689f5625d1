package io.medallion.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contract that is edited between runs. */
@Tag("slow")
class ContractEditsTest {
  private static final String NOTE = "      - name: note\n";
  private static final String VERSION = "version: \"1.0.0\"";
  private static final String FIX =
      "\n    fix: undo the change, or give the contract a new table name (schema.name) and run"
          + " silver again: bronze still holds every record";

  @TempDir private static Path preparedFolder;
  private static SilverFixture prepared;

  @TempDir private Path folder;
  private SilverFixture fixture;

  @BeforeAll
  static void acceptARecord() {
    prepared = new SilverFixture(preparedFolder);
    prepared.land("a.csv", "O1,1,2024-03-01,1,new,n,\nB1,x,2024-03-01,1,new,n,\n");
    prepared.run();
  }

  @BeforeEach
  void copyPrepared() {
    fixture = prepared.copyTo(folder);
  }

  private static String column(String declaration) {
    return "      - " + declaration + "\n" + NOTE;
  }

  @Test
  void anAddedColumnUnderAHigherVersionGrowsTheTable() {
    Contract grown =
        OrdersContract.edited(
            VERSION,
            "version: \"1.1.0\"",
            NOTE,
            column("{name: colour, logicalType: string, description: It's the colour.}"));
    fixture
        .under(grown)
        .landAll(
            Map.of(
                "b.csv",
                ("colour,"
                        + SilverFixture.HEADER
                        + "red,O2,1,2024-03-01,1,new,n,\n"
                        // Equal to the row of the first file: an absent colour leaves no trace.
                        + ",O1,1,2024-03-01,1,new,n,\n")
                    .getBytes(StandardCharsets.UTF_8)));

    fixture.run();

    assertThat(fixture.rows("id", "colour", "_contract_version"))
        .containsExactly("[O1,null,1.0.0]", "[O2,red,1.1.0]");
    assertThat(fixture.silver().schema().apply("colour").getComment().get())
        .isEqualTo("It's the colour.");
    assertThat(fixture.accounts())
        .containsExactly("a.csv: 2 = 1 + 0 + 0 + 1", "b.csv: 2 = 1 + 1 + 0 + 0");
    List<Long> versions = fixture.versions();
    assertThat(fixture.run()).isEmpty();
    assertThat(fixture.versions()).isEqualTo(versions);
  }

  @Test
  void anAddedColumnNeedsAHigherVersion() {
    refused(
        OrdersContract.edited(NOTE, column("{name: colour, logicalType: string}")),
        "contract test.orders: it has new columns but still the version 1.0.0\n"
            + "    fix: give it a higher version");
  }

  @Test
  void everyIncompatibleChangeIsNamedAtOnce() {
    String against = "contract test.orders 2.0.0 against silver.orders: ";
    refused(
        OrdersContract.edited(
            VERSION,
            "version: \"2.0.0\"",
            "physicalType: decimal(10,2)",
            "physicalType: decimal(12,2)",
            ", primaryKey: true, primaryKeyPosition: 2}",
            "}",
            "{name: updated, logicalType: timestamp}",
            "{name: changed, logicalType: timestamp}",
            "value: [updated]",
            "value: [changed]",
            NOTE,
            column("{name: colour, logicalType: string, required: true}")),
        against
            + "its business key is (id), the table's is (id,line)"
            + FIX
            + "\n"
            + against
            + "column amount is decimal(10,2) in the table and decimal(12,2) in the contract"
            + FIX
            + "\n"
            + against
            + "column updated of the table is not in the contract"
            + FIX
            + "\n"
            + against
            + "column colour is new and required, but rows without it exist"
            + FIX);
  }

  @Test
  void aNewTableNameIsTheWayOut() {
    Contract renamed =
        OrdersContract.edited(
            VERSION,
            "version: \"2.0.0\"",
            "  - name: orders\n    logicalType: object",
            "  - name: orders_2\n    logicalType: object",
            "physicalType: decimal(10,2)",
            "physicalType: decimal(12,3)");

    fixture.under(renamed).run();

    assertThat(fixture.rows("id", "amount")).containsExactly("[O1,1.000]");
  }

  @Test
  void anAbsentValueIsAcceptedOnceItsColumnIsOptional() {
    fixture.under(
        OrdersContract.edited(
            VERSION,
            "version: \"1.1.0\"",
            "{name: day, logicalType: date, required: true}",
            "{name: day, logicalType: date}"));
    fixture.land("b.csv", "O2,1,,1,new,n,\n");

    fixture.run();

    assertThat(fixture.rows("id", "day")).containsExactly("[O1,2024-03-01]", "[O2,null]");
    List<Long> versions = fixture.versions();
    assertThat(fixture.run()).isEmpty();
    assertThat(fixture.versions()).isEqualTo(versions);
  }

  @Test
  void anEditedRuleAppliesToNewFilesOnly() {
    fixture.under(OrdersContract.edited("minimum: 0}", "minimum: 5}"));
    fixture.land("b.csv", "O2,1,2024-03-01,1,new,n,\nO3,1,2024-03-01,5,new,n,\n");

    fixture.run();

    assertThat(fixture.rows("id")).containsExactly("[O1]", "[O3]");
    assertThat(fixture.quarantined())
        .containsExactly("a.csv#2: line_type", "b.csv#1: amount_range");
  }

  private void refused(Contract edited, String message) {
    List<Long> versions = fixture.versions();
    fixture.land("b.csv", "O2,1,2024-03-01,1,new,n,\n");

    assertThatThrownBy(() -> fixture.under(edited).run())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);

    assertThat(fixture.versions()).isEqualTo(versions);
    fixture.under(OrdersContract.contract()).run();
    assertThat(fixture.rows("id")).containsExactly("[O1]", "[O2]");
  }
}
