package io.medallion.demo.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TruthTest {
  private static final List<String> CUSTOMER = List.of("customer_id");
  private static final List<String> PRODUCT = List.of("product_id");
  private static final List<String> STORE = List.of("country", "state", "city", "postal_code");

  @TempDir private Path out;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void equalsWhatASecondReadingOfTheFilesGives(boolean updatedAt) throws IOException {
    GeneratorOptions options =
        GeneratorOptions.of(600, out).withSeed(11).withFaultRate(0.08).withIncrementPercent(20);
    GenerationSummary summary =
        OrderGenerator.generate(updatedAt ? options.withUpdatedAt() : options);
    NaiveSales naive = new NaiveSales();
    for (GeneratedFile file : summary.orders()) {
      if (file.repeatOf().isEmpty()) {
        naive.land(out, file.path());
      }
    }
    assertSame(summary.truth().orElseThrow(), naive);

    naive.land(out, summary.increment().orElseThrow().path());
    assertSame(summary.truthWithIncrement().orElseThrow(), naive);
  }

  private static void assertSame(Path truth, NaiveSales naive) throws IOException {
    assertThat(rows(truth, "fates.csv", fate -> fate.get(6).isEmpty()))
        .containsExactlyElementsOf(
            naive.fates.entrySet().stream().map(e -> fate(e.getKey(), e.getValue())).toList());
    assertThat(rows(truth, "quarantine.csv", row -> true))
        .extracting(row -> row.get(0) + "," + row.get(1))
        .containsExactlyElementsOf(naive.quarantine.keySet());
    assertThat(naive.quarantine)
        .allSatisfy((record, reasons) -> assertThat(reasons).as(record).hasSize(1));
    List<List<String>> customers = naive.versions(CUSTOMER, List.of("customer_name", "segment"));
    List<List<String>> products =
        naive.versions(PRODUCT, List.of("product_name", "category", "sub_category"));
    List<List<String>> stores = naive.versions(STORE, List.of("market", "region"));
    assertThat(rows(truth, "dim_customer.csv", row -> true))
        .containsExactlyInAnyOrderElementsOf(customers);
    assertThat(rows(truth, "dim_product.csv", row -> true))
        .containsExactlyInAnyOrderElementsOf(products);
    assertThat(rows(truth, "dim_store.csv", row -> true))
        .containsExactlyInAnyOrderElementsOf(stores);
    assertThat(rows(truth, "fact_sales.csv", row -> true))
        .containsExactlyInAnyOrderElementsOf(
            naive.current.values().stream()
                .map(row -> fact(row, customers, products, stores))
                .toList());
    assertThat(Files.readString(truth.resolve("totals.json")))
        .contains("\"accepted\": " + naive.current.size() + ",")
        .contains("\"quarantined\": " + naive.quarantine.size() + ",")
        .contains("\"sum_sales\": \"" + sum(naive, "sales") + "\"")
        .contains("\"sum_quantity\": \"" + sum(naive, "quantity") + "\"")
        .contains("\"sum_discount\": \"" + sum(naive, "discount") + "\"")
        .contains("\"sum_profit\": \"" + sum(naive, "profit") + "\"")
        .contains("\"sum_shipping_cost\": \"" + sum(naive, "shipping_cost") + "\"");
  }

  private static String sum(NaiveSales naive, String column) {
    BigDecimal sum = BigDecimal.ZERO;
    for (NaiveSales.Row row : naive.current.values()) {
      sum = sum.add(new BigDecimal(row.get(column)));
    }
    return sum.toPlainString();
  }

  private static List<String> fate(String file, long[] counts) {
    List<String> fate = new ArrayList<>(List.of(file));
    fate.add(Long.toString(counts[0] + counts[1] + counts[2] + counts[3]));
    for (long count : counts) {
      fate.add(Long.toString(count));
    }
    fate.add("");
    return fate;
  }

  private static List<String> fact(
      NaiveSales.Row row,
      List<List<String>> customers,
      List<List<String>> products,
      List<List<String>> stores) {
    return List.of(
        row.get("order_id"),
        row.get("row_id"),
        row.get("order_date"),
        row.get("ship_date"),
        row.get("customer_id"),
        validFrom(row, CUSTOMER, customers),
        row.get("product_id"),
        validFrom(row, PRODUCT, products),
        row.get("country"),
        row.get("state"),
        row.get("city"),
        row.get("postal_code"),
        validFrom(row, STORE, stores),
        row.get("ship_mode"),
        row.get("order_priority"),
        row.get("sales"),
        row.get("quantity"),
        row.get("discount"),
        row.get("profit"),
        row.get("shipping_cost"),
        row.file(),
        Long.toString(row.number()));
  }

  private static String validFrom(
      NaiveSales.Row row, List<String> key, List<List<String>> versions) {
    List<String> id = key.stream().map(row::get).toList();
    String date = row.get("order_date");
    return versions.stream()
        .filter(version -> version.subList(0, id.size()).equals(id))
        .filter(
            version -> {
              int from = version.size() - 3;
              return version.get(from).compareTo(date) <= 0
                  && date.compareTo(version.get(from + 1)) < 0;
            })
        .map(version -> version.get(version.size() - 3))
        .reduce((a, b) -> a + " and " + b)
        .orElse("none");
  }

  @Test
  void withUpdatedAtAnyLandingOrderHasTheSameContent() throws IOException {
    GenerationSummary summary =
        OrderGenerator.generate(
            GeneratorOptions.of(400, out).withIncrementPercent(20).withUpdatedAt());
    List<String> paths =
        new ArrayList<>(summary.orders().stream().map(GeneratedFile::path).toList());
    paths.add(summary.increment().orElseThrow().path());
    Map<String, Map<String, String>> inOrder = content(paths);
    assertThat(inOrder).hasSizeGreaterThan(900);
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(paths, new Random(i));
      assertThat(content(paths)).as(paths.toString()).isEqualTo(inOrder);
    }
  }

  @Test
  void withoutUpdatedAtTheLandingOrderMatters() throws IOException {
    GenerationSummary summary = OrderGenerator.generate(GeneratorOptions.of(400, out));
    List<String> paths =
        new ArrayList<>(summary.orders().stream().map(GeneratedFile::path).toList());
    Map<String, Map<String, String>> inOrder = content(paths);
    Collections.reverse(paths);
    assertThat(content(paths)).isNotEqualTo(inOrder);
  }

  private Map<String, Map<String, String>> content(List<String> paths) throws IOException {
    NaiveSales naive = new NaiveSales();
    for (String path : paths) {
      naive.land(out, path);
    }
    Map<String, Map<String, String>> content = new TreeMap<>();
    // Two records of a line that agree in all the contract knows may differ in what it does not.
    naive.current.forEach(
        (key, row) -> {
          Map<String, String> known = new TreeMap<>(row.values());
          known.remove("loyalty_points");
          content.put(key, known);
        });
    return content;
  }

  private static List<List<String>> rows(Path truth, String file, Predicate<List<String>> wanted)
      throws IOException {
    List<List<String>> records = CsvFile.read(truth.resolve(file)).records();
    return records.subList(1, records.size()).stream().filter(wanted).toList();
  }
}
