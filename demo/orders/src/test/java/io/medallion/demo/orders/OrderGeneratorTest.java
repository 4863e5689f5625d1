package io.medallion.demo.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderGeneratorTest {
  private static final String HEADER =
      "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,City,State,"
          + "Country,Postal Code,Market,Region,Product ID,Category,Sub-Category,Product Name,Sales,"
          + "Quantity,Discount,Profit,Shipping Cost,Order Priority";
  private static final int ORDERS = 2000;

  @TempDir private static Path shared;
  @TempDir private Path own;

  private static GenerationSummary summary;
  private static Map<String, CsvFile> files;

  @BeforeAll
  static void generate() throws IOException {
    summary =
        OrderGenerator.generate(
            GeneratorOptions.of(ORDERS, shared.resolve("out"))
                .withFaultRate(0.05)
                .withIncrementPercent(10));
    files = new TreeMap<>();
    for (GeneratedFile file : summary.orders()) {
      files.put(file.path(), CsvFile.read(summary.out().resolve(file.path())));
    }
  }

  @Test
  void equalOptionsGiveIdenticalBytes() throws IOException {
    GeneratorOptions options =
        GeneratorOptions.of(200, own.resolve("a")).withIncrementPercent(5).withUpdatedAt();
    OrderGenerator.generate(options);
    OrderGenerator.generate(
        GeneratorOptions.of(200, own.resolve("b")).withIncrementPercent(5).withUpdatedAt());
    OrderGenerator.generate(
        GeneratorOptions.of(200, own.resolve("c"))
            .withIncrementPercent(5)
            .withUpdatedAt()
            .withSeed(2));

    Map<String, String> first = tree(own.resolve("a"));
    assertThat(first).hasSize(11 + 1 + 5 + 2 * 7);
    assertThat(tree(own.resolve("b"))).isEqualTo(first);
    assertThat(tree(own.resolve("c")).keySet()).isEqualTo(first.keySet());
    assertThat(tree(own.resolve("c"))).isNotEqualTo(first);
  }

  @Test
  void neitherTruthNorIncrementChangesTheBaseFiles() throws IOException {
    OrderGenerator.generate(GeneratorOptions.of(200, own.resolve("a")).withIncrementPercent(50));
    GenerationSummary bare =
        OrderGenerator.generate(GeneratorOptions.of(200, own.resolve("b")).withoutTruth());

    assertThat(tree(own.resolve("b/orders"))).isEqualTo(tree(own.resolve("a/orders")));
    assertThat(bare.truth()).isEmpty();
    assertThat(bare.truthWithIncrement()).isEmpty();
    assertThat(bare.increment()).isEmpty();
    assertThat(own.resolve("b/truth")).doesNotExist();
    assertThat(own.resolve("b/increment")).doesNotExist();
  }

  @Test
  void refusesADirectoryThatIsNotEmpty() throws IOException {
    Files.writeString(own.resolve("kept"), "mine");

    assertThatThrownBy(() -> OrderGenerator.generate(GeneratorOptions.of(200, own)))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(
            own
                + ": is not empty, and files of two generations must not mix; delete it or name"
                + " another directory");
    assertThat(tree(own)).containsOnlyKeys("kept");
  }

  @Test
  void recordsOfEachFileAreConserved() throws IOException {
    List<List<String>> fates =
        CsvFile.read(summary.truth().orElseThrow().resolve("fates.csv")).records();
    assertThat(fates).hasSize(1 + summary.orders().size());
    for (int i = 0; i < summary.orders().size(); i++) {
      GeneratedFile file = summary.orders().get(i);
      List<String> fate = fates.get(i + 1);
      assertThat(fate.get(0)).isEqualTo(file.path());
      long[] counts = fate.subList(1, 6).stream().mapToLong(Long::parseLong).toArray();
      assertThat(counts[0])
          .as(file.path())
          .isEqualTo(file.records())
          .isEqualTo(counts[1] + counts[2] + counts[3] + counts[4]);
      assertThat(counts[4]).as(file.path()).isEqualTo(file.faults());
      if (file.repeatOf().isEmpty()) {
        assertThat(files.get(file.path()).records()).hasSize((int) file.records() + 1);
      }
    }
  }

  @Test
  void landingOrderIsPathOrderAndMostlyTheOrderOfDates() {
    List<String> paths = summary.orders().stream().map(GeneratedFile::path).toList();
    assertThat(paths).isSorted().hasSize(11).doesNotHaveDuplicates();
    String lastId = "";
    for (String path : paths) {
      if (path.contains("-late") || path.contains("-again")) {
        continue;
      }
      List<String> ids = column(path, "order_id");
      String least = ids.get(0);
      assertThat(least).as(path).isGreaterThan(lastId);
      lastId = least;
    }
  }

  @Test
  void lateFilesHoldOrdersOfDaysThatHaveLandedBefore() {
    List<String> late =
        summary.orders().stream()
            .map(GeneratedFile::path)
            .filter(p -> p.contains("-late"))
            .toList();
    assertThat(late).hasSize(2);
    Set<String> fresh = keys(late.get(0));
    assertThat(fresh).hasSizeGreaterThan(20);
    // The four files before it cover the same time, and hold none of these lines.
    for (String path : summary.orders().stream().map(GeneratedFile::path).limit(3).toList()) {
      assertThat(keys(path)).doesNotContainAnyElementsOf(fresh.stream().limit(5).toList());
    }
    assertThat(column(late.get(0), "order_id").get(0))
        .isLessThan(column(summary.orders().get(1).path(), "order_id").get(0));
  }

  @Test
  void oneFileComesTwice() throws IOException {
    List<GeneratedFile> repeated =
        summary.orders().stream().filter(file -> file.repeatOf().isPresent()).toList();
    assertThat(repeated).hasSize(1);
    Path copy = summary.out().resolve(repeated.get(0).path());
    assertThat(copy)
        .hasSameBinaryContentAs(summary.out().resolve(repeated.get(0).repeatOf().orElseThrow()));
    assertThat(repeated.get(0).path()).isGreaterThan(repeated.get(0).repeatOf().orElseThrow());
  }

  @Test
  void everyFaultOccursAtTheRateAskedFor() throws IOException {
    List<List<String>> quarantine =
        CsvFile.read(summary.truthWithIncrement().orElseThrow().resolve("quarantine.csv"))
            .records();
    Map<String, Long> byFault =
        quarantine.subList(1, quarantine.size()).stream()
            .collect(Collectors.groupingBy(row -> row.get(2), Collectors.counting()));
    assertThat(byFault.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Fault.values()).map(Fault::label).toList());
    assertThat(byFault).containsEntry("invalid_utf8", 1L);
    assertThat(summary.faults()).isEqualTo(quarantine.size() - 1);
    assertThat((double) summary.faults() / summary.records()).isCloseTo(0.05, within(0.001));
  }

  @Test
  void withoutFaultsNothingIsQuarantined() throws IOException {
    GenerationSummary clean =
        OrderGenerator.generate(GeneratorOptions.of(200, own).withFaultRate(0));
    assertThat(clean.faults()).isZero();
    assertThat(clean.truth().orElseThrow().resolve("quarantine.csv"))
        .hasContent("file,record_number,fault");
  }

  @Test
  void rowsAreRepeatedAndChangedWithinAndAcrossFiles() throws IOException {
    NaiveSales naive = new NaiveSales();
    for (GeneratedFile file : summary.orders()) {
      if (file.repeatOf().isEmpty()) {
        naive.land(summary.out(), file.path());
      }
    }
    Map<String, NaiveSales.Row> first = new HashMap<>();
    Map<String, Integer> seen = new TreeMap<>();
    for (NaiveSales.Row row : naive.sound) {
      NaiveSales.Row earlier = first.putIfAbsent(row.key(), row);
      if (earlier != null) {
        String what = earlier.values().equals(row.values()) ? "repeated" : "changed";
        String where = earlier.file().equals(row.file()) ? " in its file" : " in a later file";
        seen.merge(what + where, 1, Integer::sum);
      }
    }
    assertThat(seen)
        .containsOnlyKeys(
            "changed in a later file",
            "changed in its file",
            "repeated in a later file",
            "repeated in its file")
        .allSatisfy((kind, count) -> assertThat(count).as(kind).isGreaterThan(20));
  }

  @Test
  void filesDifferInEncodingLineEndsHeaderAndDates() {
    assertThat(files.values()).anyMatch(CsvFile::byteOrderMark);
    assertThat(files.values())
        .anyMatch(
            file ->
                file.encoding().equals(Charset.forName("windows-1252"))
                    && Stream.of("é", "ü", "“", "’", "\u00a0").allMatch(file.text()::contains));
    assertThat(files.values())
        .anyMatch(
            file -> file.encoding().equals(StandardCharsets.UTF_8) && file.text().contains("é"));
    assertThat(files.values()).anyMatch(file -> file.text().contains("\r\n"));
    assertThat(files.values()).anyMatch(file -> !file.text().endsWith("\n"));
    assertThat(files.keySet()).anyMatch(path -> path.endsWith(".csv.gz"));
    List<String> headers =
        files.values().stream().map(file -> String.join(",", file.records().get(0))).toList();
    assertThat(headers)
        .contains(HEADER, HEADER.replace("-", "_") + ",Loyalty Points")
        .anyMatch(header -> header.contains("product_name,sub_category,category"));
    assertThat(files.values()).anyMatch(anyField("\\d\\d-\\d\\d-\\d{4}"));
    assertThat(files.values()).anyMatch(anyField("\\d{1,2}/\\d{1,2}/\\d{4}"));
    assertThat(files.values()).anyMatch(anyField("\\d{4}-\\d\\d-\\d\\d"));
  }

  @Test
  void textsHoldWhatACsvReaderStumblesOver() {
    for (String stumbling :
        List.of(
            "[\\s\u00a0].+[\\s\u00a0]", // white space around
            "\".+", // quotes at the begin
            ".+\"", // and at the end
            ".+\".+",
            ".+,.+",
            "(?s).+\n.+",
            ".+\u00a0.+",
            "“.+”.*",
            "0\\d{4}",
            "")) {
      assertThat(files.values()).as(stumbling).anyMatch(anyField(stumbling));
    }
  }

  @Test
  void membersOfEachDimensionHaveHistories() throws IOException {
    for (String dimension : List.of("dim_customer", "dim_product", "dim_store")) {
      List<List<String>> rows =
          CsvFile.read(summary.truth().orElseThrow().resolve(dimension + ".csv")).records();
      assertThat(rows.stream().filter(row -> row.contains("false")).count())
          .as(dimension)
          .isGreaterThan(20);
    }
    assertThat(
            CsvFile.read(summary.truth().orElseThrow().resolve("dim_store.csv")).records().stream()
                .filter(row -> row.get(3).isEmpty()))
        .isNotEmpty();
  }

  @Test
  void theIncrementHoldsNewLateAndChangedLines() throws IOException {
    CsvFile increment =
        CsvFile.read(summary.out().resolve(summary.increment().orElseThrow().path()));
    long base = soundRecords(summary.orders());
    long sound =
        summary.increment().orElseThrow().records() - summary.increment().orElseThrow().faults();
    assertThat(sound).isBetween(base / 10, base / 10 + 5);
    Set<String> known =
        files.keySet().stream().flatMap(p -> keys(p).stream()).collect(Collectors.toSet());
    List<List<String>> rows =
        increment.records().stream()
            .filter(row -> row.size() == 24 && row.get(1).startsWith("O-"))
            .toList();
    double fresh = rows.stream().filter(row -> row.get(1).startsWith("O-2025")).count();
    double changed =
        rows.stream().filter(row -> known.contains(row.get(1) + "/" + row.get(0))).count();
    assertThat(fresh / rows.size()).isCloseTo(0.7, within(0.04));
    assertThat(changed / rows.size()).isCloseTo(0.15, within(0.04));
    assertThat(1 - (fresh + changed) / rows.size()).isCloseTo(0.15, within(0.04));
  }

  @Test
  void rejectedSamplesAreWhatTheirNamesSay() throws IOException {
    Path samples = summary.out().resolve("rejected-samples");
    assertThat(summary.rejectedSamples())
        .extracting(path -> path.getFileName().toString())
        .containsExactly(
            "binary.csv", "empty.csv", "header-only.csv", "missing-column.csv", "truncated.csv.gz");
    assertThat(samples.resolve("empty.csv")).isEmptyFile();
    assertThat(samples.resolve("header-only.csv")).hasContent(HEADER + "\n");
    assertThat(CsvFile.read(samples.resolve("missing-column.csv")).records().get(0))
        .hasSize(23)
        .doesNotContain("Sales");
    assertThatThrownBy(() -> CsvFile.read(samples.resolve("truncated.csv.gz")))
        .isInstanceOf(EOFException.class)
        .hasMessage("Unexpected end of ZLIB input stream");
    assertThat(Files.readAllBytes(samples.resolve("binary.csv"))).hasSize(4096).contains(0);
  }

  @Test
  void updatedAtIsA25thColumn() throws IOException {
    GenerationSummary stamped =
        OrderGenerator.generate(GeneratorOptions.of(100, own).withFaultRate(0).withUpdatedAt());
    List<List<String>> records =
        CsvFile.read(own.resolve(stamped.orders().get(0).path())).records();
    assertThat(String.join(",", records.get(0))).isEqualTo(HEADER + ",Updated At");
    assertThat(records.subList(1, records.size()))
        .isNotEmpty()
        .allMatch(row -> row.get(24).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
  }

  @Test
  void ordersHaveTwoAndAHalfLinesOnAverage() throws IOException {
    List<List<String>> facts =
        CsvFile.read(summary.truth().orElseThrow().resolve("fact_sales.csv")).records();
    assertThat((double) (facts.size() - 1) / ORDERS).isCloseTo(2.5, within(0.06));
    assertThat(facts.stream().skip(1).map(fact -> fact.get(0)).distinct()).hasSize(ORDERS);
    assertThat(facts.stream().skip(1).map(fact -> fact.get(1)).distinct())
        .hasSize(facts.size() - 1);
  }

  private static long soundRecords(List<GeneratedFile> files) {
    return files.stream().mapToLong(file -> file.records() - file.faults()).sum();
  }

  private static Predicate<CsvFile> anyField(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return file ->
        file.records().stream()
            .flatMap(List::stream)
            .anyMatch(field -> pattern.matcher(field).matches());
  }

  /** The values of a column in record order, without those of short, long and lacking records. */
  private static List<String> column(String path, String name) {
    List<List<String>> records = files.get(path).records();
    int at = position(records.get(0), name);
    return records.stream()
        .skip(1)
        .filter(row -> row.size() == records.get(0).size() && !row.get(at).isEmpty())
        .map(row -> row.get(at))
        .toList();
  }

  private static int position(List<String> header, String name) {
    return header.stream()
        .map(h -> h.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "_"))
        .toList()
        .indexOf(name);
  }

  private static Set<String> keys(String path) {
    List<List<String>> records = files.get(path).records();
    int order = position(records.get(0), "order_id");
    int row = position(records.get(0), "row_id");
    return records.stream()
        .skip(1)
        .filter(r -> r.size() == records.get(0).size())
        .map(r -> r.get(order) + "/" + r.get(row))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : new ArrayList<>(all.filter(Files::isRegularFile).toList())) {
        tree.put(
            root.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return tree;
  }
}
