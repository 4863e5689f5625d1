package io.medallion.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.ledger.FileAccount;
import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilverStreamTest {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  @TempDir private Path folder;
  SilverFixture fixture;

  @BeforeEach
  void openFixture() {
    fixture = new SilverFixture(folder);
  }

  @Test
  void doesNothingBeforeAFileLanded() {
    assertThat(fixture.run()).isEmpty();
    assertThat(fixture.silver().exists()).isFalse();
  }

  @Test
  void acceptsRecordsWithTheirPlaceMarksAndUnknownFields() {
    fixture.landAll(
        Map.of(
            "a.csv",
            ("colour,"
                    + SilverFixture.HEADER
                    + "red,O1,1,31-12-2013, 933.57 ,new,,2024-01-01T00:00:00Z\n"
                    + ",O1,2,12/31/2013,\"1,234.50\",,n,\n")
                .getBytes(UTF_8)));

    List<SilverSummary> summaries = fixture.run();

    assertThat(fixture.rows())
        .containsExactly(
            "[O1,1,2013-12-31,933.57,new,null,2024-01-01 00:00:00.0]",
            "[O1,2,2013-12-31,1234.50,null,n,null]");
    assertThat(
            fixture.rows("line", "_record_number", "_landing_seq", "_contract_version", "_rescued"))
        .containsExactly("[1,1,0,1.0.0,{\"colour\":\"red\"}]", "[2,2,0,1.0.0,null]");
    assertThat(fixture.rows("line", "_warnings"))
        .containsExactly("[1,WrappedArray(note_wanted)]", "[2,WrappedArray()]");
    assertThat(fixture.accounts()).containsExactly("a.csv: 2 = 2 + 0 + 0 + 0");
    assertThat(fixture.quarantine().exists()).isFalse();
    assertThat(summaries).hasSize(1);
    assertThat(summaries.get(0).total()).isEqualTo(new FileAccount("total", 2, 2, 0, 0, 0));
    assertThat(summaries.get(0).files()).isEqualTo(1);
    assertThat(summaries.get(0).version()).isEqualTo(fixture.silver().version());
    assertThat(fixture.silver().properties()).containsEntry("delta.enableChangeDataFeed", "true");
  }

  @Test
  void survivesEveryKindOfBadFileInOneBatchAndLosesNothing() {
    String good = "G%d,1,2024-03-01,5,new,n,\n";
    ByteArrayOutputStream mixed = new ByteArrayOutputStream();
    mixed.writeBytes((SilverFixture.HEADER + good.formatted(1)).getBytes(WINDOWS_1252));
    mixed.writeBytes("L1,1,2024-03-01,5,new,Zoë €,\n".getBytes(WINDOWS_1252));
    mixed.writeBytes("L2,1,2024-03-01,5,new,Zoé,\n".getBytes(WINDOWS_1252));
    mixed.writeBytes("L3,1,2024-03-01,5,new,Zoë,\n".getBytes(UTF_8));
    mixed.writeBytes("L4,1,2024-03-01,-5,new,€ 5,\n".getBytes(WINDOWS_1252));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.putAll(
        SilverFixture.files(
            "blank.csv", ",,,,,,\n\n" + good.formatted(2),
            "length.csv", "S1,1,2024-03-01\n" + good.formatted(3) + "S2,1,2024-03-01,5,new,n,,,\n",
            "quotes.csv",
                "Q1,1,2024-03-01,5,new,\"open,\n"
                    + good.formatted(4)
                    + "Q2,1,2024-03-01,5,new,5\" disk,\nQ3,1,2024-03-01,5,new,\"two\nlines\",\n"
                    + "Q4,1,2024-03-01,5,new,\"",
            "nul.csv", "N1,1,2024-03-01,5,new,a\0b,\n" + good.formatted(5),
            "keys.csv", ",1,2024-03-01,5,new,n,\n,,2024-03-01,5,new,n,\n" + good.formatted(6),
            "values.csv",
                "V1,1,2/30/2014,NaN,new,n,\nV2,1,2024-03-01,1e400,new,n,\n"
                    + "V3,1,2024-03-01,12345678901.00,new,n,\nV4,1,2024-03-01,$12,lost,n,\n"
                    + "V5,1,0000-00-00,-1,lost,n,2024-02-30T00:00:00Z\n"
                    + good.formatted(7)));
    files.put("mixed.csv", mixed.toByteArray());
    files.put(
        "cr.csv", (SilverFixture.HEADER + good.formatted(8)).replace('\n', '\r').getBytes(UTF_8));
    files.put(
        "crlf-bom.csv",
        ("\uFEFF" + SilverFixture.HEADER + good.formatted(9))
            .replace("\n", "\r\n")
            .getBytes(UTF_8));
    files.put("header.csv", SilverFixture.HEADER.getBytes(UTF_8));
    files.put(
        "twice.csv",
        ("id,line,day,state,Order State\nT1,1,2024-03-01,new,new\nT2,1,2024-03-01,new,sent\n")
            .getBytes(UTF_8));
    files.put(
        "large.csv",
        (SilverFixture.HEADER + "M1,1,2024-03-01,5,new,\"" + "m\n".repeat(1 << 19) + "\",\n")
            .getBytes(UTF_8));
    files.put(
        "wide.csv",
        ("id,line,day,"
                + String.join(",", Collections.nCopies(10_000, "w"))
                + "\nW1,1,2024-03-01,"
                + String.join(",", Collections.nCopies(10_000, "v"))
                + "\n")
            .getBytes(UTF_8));
    fixture.landAll(files);

    fixture.run();

    assertThat(fixture.quarantined())
        .containsExactly(
            "blank.csv#1: blank_record",
            "blank.csv#2: blank_record",
            "keys.csv#1: id_required",
            "keys.csv#2: id_required, line_required",
            "length.csv#1: field_count",
            "length.csv#3: field_count",
            "mixed.csv#4: encoding",
            "mixed.csv#5: amount_range",
            "nul.csv#1: nul_byte",
            "quotes.csv#1: quoting",
            "quotes.csv#5: quoting",
            "twice.csv#2: duplicate_column",
            "values.csv#1: day_type, amount_type",
            "values.csv#2: amount_type",
            "values.csv#3: amount_type",
            "values.csv#4: amount_type, state_known",
            "values.csv#5: day_type, updated_type, amount_range, state_known");
    assertThat(fixture.rows("id"))
        .containsExactly(
            "[G1]", "[G2]", "[G3]", "[G4]", "[G5]", "[G6]", "[G7]", "[G8]", "[G9]", "[L1]", "[L2]",
            "[M1]", "[Q2]", "[Q3]", "[T1]", "[W1]");
    assertThat(fixture.accounts())
        .containsExactly(
            "blank.csv: 3 = 1 + 0 + 0 + 2",
            "cr.csv: 1 = 1 + 0 + 0 + 0",
            "crlf-bom.csv: 1 = 1 + 0 + 0 + 0",
            "header.csv: 0 = 0 + 0 + 0 + 0",
            "keys.csv: 3 = 1 + 0 + 0 + 2",
            "large.csv: 1 = 1 + 0 + 0 + 0",
            "length.csv: 3 = 1 + 0 + 0 + 2",
            "mixed.csv: 5 = 3 + 0 + 0 + 2",
            "nul.csv: 2 = 1 + 0 + 0 + 1",
            "quotes.csv: 5 = 3 + 0 + 0 + 2",
            "twice.csv: 2 = 1 + 0 + 0 + 1",
            "values.csv: 6 = 1 + 0 + 0 + 5",
            "wide.csv: 1 = 1 + 0 + 0 + 0");
    assertThat(fixture.silver().read().where("id = 'L1'").first().<String>getAs("note"))
        .isEqualTo("Zoë €");
    Row price = fixture.quarantine().read().where("raw_text LIKE 'L4%'").first();
    assertThat(price.<String>getAs("raw_text")).isEqualTo("L4,1,2024-03-01,-5,new,€ 5,");
    assertThat(price.<byte[]>getAs("raw"))
        .isEqualTo("L4,1,2024-03-01,-5,new,€ 5,".getBytes(WINDOWS_1252));
    assertThat(price.<String>getAs("source_uri")).isEqualTo("file:/drop/mixed.csv");
    assertThat(price.<String>getAs("contract_version")).isEqualTo("1.0.0");
  }

  @Test
  void keepsOneRowOfAKeyThatComesTwiceInAFile() {
    fixture.land(
        "a.csv",
        """
        O1,1,2024-03-01,1,new,early,2024-01-01T00:00:00Z
        O1,1,2024-03-01,2,new,late,2024-01-03T00:00:00Z
        O1,1,2024-03-01,3,new,middle,2024-01-02T00:00:00Z
        O1,1,2024-03-01,4,new,never,
        O2,1,2024-03-01,5,new,same,
        O2,1,2024-03-01,5.00,new, same ,
        O3,1,2024-03-01,6,new,first,
        O3,1,2024-03-01,6,new,second,
        O4,1,2024-03-01,-1,new,bad,
        O4,1,2024-03-01,7,new,good,
        """);

    fixture.run();

    assertThat(fixture.rows("id", "amount", "note"))
        .containsExactly("[O1,2.00,late]", "[O2,5.00,same]", "[O3,6.00,second]", "[O4,7.00,good]");
    assertThat(fixture.accounts()).containsExactly("a.csv: 10 = 4 + 1 + 4 + 1");
  }

  @Test
  void letsALaterRecordTakeTheRowsPlaceAndBooksItOnBothFiles() {
    fixture.land(
        "a.csv",
        """
        O1,1,2024-03-01,1,new,old,2024-01-01T00:00:00Z
        O2,1,2024-03-01,1,new,stays,2024-01-05T00:00:00Z
        O3,1,2024-03-01,1,new,tie,
        O4,1,2024-03-01,1,new,same,
        """);
    fixture.run();
    fixture.land(
        "b.csv",
        """
        O1,1,2024-03-01,2,new,new,2024-01-02T00:00:00Z
        O2,1,2024-03-01,2,new,late,2024-01-04T00:00:00Z
        O3,1,2024-03-01,2,new,tie again,
        O4,1,2024-03-01,1,new,same,
        O5,1,2024-03-01,2,new,added,
        """);

    List<SilverSummary> summaries = fixture.run();

    assertThat(fixture.rows("id", "note"))
        .containsExactly("[O1,new]", "[O2,stays]", "[O3,tie again]", "[O4,same]", "[O5,added]");
    assertThat(fixture.accounts())
        .containsExactly("a.csv: 4 = 2 + 0 + 2 + 0", "b.csv: 5 = 3 + 1 + 1 + 0");
    assertThat(summaries.get(0).total()).isEqualTo(new FileAccount("total", 5, 1, 1, 3, 0));
  }

  @Test
  void changesNoVersionWhenItRunsAgain() {
    fixture.land("a.csv", "O1,1,2024-03-01,1,new,n,\nO2,x,2024-03-01,1,new,n,\n");
    fixture.run();
    List<Long> versions = fixture.versions();

    assertThat(fixture.run()).isEmpty();

    assertThat(fixture.versions()).isEqualTo(versions);
  }

  @Test
  void leavesTheTableAloneWhereNothingIsGained() {
    fixture.land("a.csv", "O1,1,2024-03-01,1,new,n,\n");
    fixture.run();
    long version = fixture.silver().version();
    fixture.land("b.csv", "O1,1,2024-03-01,1.0,new,n,\nO2,1,2024-03-01,1,lost,n,\n");

    fixture.run();

    assertThat(fixture.silver().version()).isEqualTo(version);
    assertThat(fixture.accounts())
        .containsExactly("a.csv: 1 = 1 + 0 + 0 + 0", "b.csv: 2 = 0 + 1 + 0 + 1");
  }

  @Test
  void skipsFilesOfOtherFeeds() {
    fixture.land("a.csv", "O1,1,2024-03-01,1,new,n,\n");
    SilverFixture other =
        fixture.under(
            OrdersContract.edited(
                "- name: orders\n            format", "- name: elsewhere\n            format"));
    other.land("b.csv", "O2,1,2024-03-01,1,new,n,\n");

    fixture.under(OrdersContract.contract()).run();

    assertThat(fixture.rows("id")).containsExactly("[O1]");
    assertThat(fixture.accounts()).containsExactly("a.csv: 1 = 1 + 0 + 0 + 0");
  }

  /** Thousands of records of megabytes each do not fit in memory, which ended whole streams. */
  @Test
  void quarantinedRecordsAreReadRowByRowWhereTheirFilesArePutTogether() throws Exception {
    SparkSession spark = LocalSession.shared();
    List<FileSourceScanExec> scans = new CopyOnWriteArrayList<>();
    QueryExecutionListener listener = new ScansOf("silver/quarantine", scans);
    // Interpreted plans read everything row by row.
    LocalSession.compilePlans();
    spark.listenerManager().register(listener);
    try {
      for (int i = 0; i < 2; i++) {
        fixture.land("bad%d.csv".formatted(i), "V%d,1,2/30/2014,5,new,n,\n".formatted(i));
        fixture.run();
      }
      fixture.quarantine().delta().optimize().executeCompaction();
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(scans).isNotEmpty().noneMatch(FileSourceScanExec::supportsColumnar);
      spark.read().format("delta").load(fixture.quarantine().path()).collectAsList();
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(scans).last().matches(FileSourceScanExec::supportsColumnar, "as Spark would");
    } finally {
      spark.listenerManager().unregister(listener);
      LocalSession.interpretPlans();
    }

    assertThat(fixture.quarantine().size().files()).isEqualTo(1);
    assertThat(fixture.quarantined()).hasSize(2);
  }

  /** Collects the scans of a table's files. */
  private record ScansOf(String folder, List<FileSourceScanExec> scans)
      implements QueryExecutionListener {
    @Override
    public void onSuccess(String function, QueryExecution execution, long nanos) {
      execution
          .executedPlan()
          .foreach(
              plan -> {
                if (plan instanceof FileSourceScanExec scan
                    && scan.relation().location().rootPaths().mkString().contains(folder)) {
                  scans.add(scan);
                }
                return null;
              });
    }

    @Override
    public void onFailure(String function, QueryExecution execution, Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
