package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Digest;
import io.medallion.core.Mistake;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractReaderTest {

  @Test
  void readsEverythingThatTheFormatOffers() {
    assertThat(OrdersContract.read(OrdersContract.yaml()))
        .isEqualTo(
            new Contract(
                "test.orders",
                "1.2.3",
                "orders",
                "An order.",
                List.of(
                    column("id", new LogicalType.Text(), true),
                    new Column(
                        "state",
                        new LogicalType.Text(),
                        false,
                        "How far it is.",
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()),
                    new Column(
                        "day",
                        new LogicalType.Date(),
                        false,
                        "",
                        List.of("Order Day"),
                        List.of("dd.MM.yyyy"),
                        Optional.empty(),
                        Optional.empty()),
                    new Column(
                        "amount",
                        new LogicalType.Exact(12, 2),
                        false,
                        "",
                        List.of(),
                        List.of(),
                        Optional.of(','),
                        Optional.of(RoundingMode.HALF_UP)),
                    column("lines", new LogicalType.Whole(), false),
                    column("paid", new LogicalType.Bool(), false),
                    column("changed", new LogicalType.Timestamp(), false)),
                List.of("id"),
                List.of("changed"),
                List.of(
                    new Rule.Required("id_required", "id", Severity.ERROR),
                    new Rule.Length(
                        "id_length", "id", Optional.of(2), Optional.of(9), Severity.ERROR),
                    new Rule.Matches("id_pattern", "id", "[A-Z]+", Severity.ERROR),
                    new Rule.OneOf(
                        "state_accepted_values", "state", List.of("new", "sent"), Severity.ERROR),
                    new Rule.Required("state_known", "state", Severity.WARN),
                    new Rule.Matches("state_short", "state", ".{1,4}", Severity.ERROR),
                    new Rule.Expression(
                        "day_range",
                        "day >= DATE'2010-01-01' AND day < DATE'2030-01-01'",
                        "day must be >= DATE'2010-01-01' and < DATE'2030-01-01'",
                        Severity.ERROR),
                    new Rule.Range(
                        "amount_range",
                        "amount",
                        Optional.of(new BigDecimal("0")),
                        Optional.of(new BigDecimal("99.5")),
                        true,
                        false,
                        Severity.ERROR),
                    new Rule.Expression(
                        "paid_if_sent",
                        "state <> 'sent' OR paid",
                        "What was sent is paid.",
                        Severity.WARN)),
                List.of(
                    new Feed(
                        "orders",
                        ';',
                        List.of(StandardCharsets.UTF_8, Charset.forName("ISO-8859-15")),
                        List.of("yyyy-MM-dd"),
                        DatePatterns.ISO_TIMESTAMPS),
                    new Feed(
                        "orders_export",
                        ',',
                        List.of(StandardCharsets.UTF_8),
                        DatePatterns.ISO_DATES,
                        DatePatterns.ISO_TIMESTAMPS)),
                Digest.sha256(OrdersContract.yaml().getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void takesTheFormatOfADateAsItsOnlyPattern() {
    String yaml =
        OrdersContract.edited("minimum: 2010-01-01,", "format: yyyyMMdd,")
            .replace("          - {property: patterns, value: [dd.MM.yyyy]}\n", "");

    assertThat(OrdersContract.read(yaml).column("day").patterns()).containsExactly("yyyyMMdd");
  }

  @Test
  void ordersTheKeyByPosition() {
    String yaml =
        OrdersContract.edited("primaryKey: true", "primaryKey: true\n        primaryKeyPosition: 2")
            .replace(
                "logicalType: integer",
                "logicalType: integer\n        required: true\n        primaryKey: true\n"
                    + "        primaryKeyPosition: 1");

    assertThat(OrdersContract.read(yaml).businessKey()).containsExactly("lines", "id");
  }

  @Test
  void reportsAllMistakesInOrderOfLine() {
    String yaml =
        OrdersContract.yaml()
            .replace("kind: DataContract", "kind: Contract")
            .replace("logicalType: integer", "logicalType: int")
            .replace("decimal(12,2)", "decimal(12)")
            .replace("maxLength: 9", "maxLenght: 9")
            .replace("value: [changed]", "value: [change]")
            .replace("ISO-8859-15", "latin-15")
            .replace("OR paid", "OR pay");

    OrdersContract.assertMistakes(
        yaml,
        List.of(
            "orders.yaml:2:7: the kind `Contract` is not known\n    fix: write DataContract",
            "orders.yaml:15:44: `logicalTypeOptions` has no key `maxLenght`\n"
                + "    fix: write `maxLength`, or remove it",
            "orders.yaml:32:23: `decimal(12)` is no exact number\n"
                + "    fix: write `decimal(p,s)`, with p digits, s of them fractional",
            "orders.yaml:38:22: the logical type `int` is not known\n"
                + "    fix: use one of boolean, date, integer, number, string, timestamp",
            "orders.yaml:48:25: the predicate `state <> 'sent' OR pay` names the column `pay`, which"
                + " does not exist\n    fix: write `day`",
            "orders.yaml:51:38: the sequence column `change` does not exist\n"
                + "    fix: write `changed`",
            "orders.yaml:57:32: the encoding `latin-15` is not known\n"
                + "    fix: write an IANA name such as UTF-8 or windows-1252"));
  }

  @Test
  void refusesAFileThatIsNotUtf8() {
    assertThatThrownBy(
            () -> new ContractReader().read("a.yaml", "id: é".getBytes(StandardCharsets.UTF_16)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("a.yaml:1:1: the file is not UTF-8 text\n    fix: save the file as UTF-8");
  }

  @Test
  void refusesAnEmptyFile() {
    OrdersContract.assertMistakes(
        "", List.of("orders.yaml:1:1: the file is empty\n    fix: write the document into it"));
  }

  @Test
  void refusesAFileThatIsAList() {
    OrdersContract.assertMistakes(
        "- id",
        List.of(
            "orders.yaml:1:1: a contract must be a mapping, but this is a list\n"
                + "    fix: write it as `key: value` lines"));
  }

  @Test
  void namesAFileThatDoesNotExist(@TempDir Path directory) {
    Path file = directory.resolve("none.odcs.yaml");

    assertThatThrownBy(() -> new ContractReader().read(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            new Mistake(
                    file.toString(),
                    "the file cannot be read: java.nio.file.NoSuchFileException: " + file,
                    "name a contract file that exists")
                .toString());
  }

  private static Column column(String name, LogicalType type, boolean required) {
    return new Column(
        name, type, required, "", List.of(), List.of(), Optional.empty(), Optional.empty());
  }
}
