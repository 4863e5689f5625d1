package io.medallion.silver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.ContractReader;

/** A contract with a column of every kind, and edits of it. */
public final class OrdersContract {
  public static final String YAML =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: test.orders
      version: "1.0.0"
      status: active
      schema:
        - name: orders
          logicalType: object
          description: An order line.
          properties:
            - {name: id, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1}
            - {name: line, logicalType: integer, required: true, primaryKey: true, primaryKeyPosition: 2}
            - {name: day, logicalType: date, required: true}
            - name: amount
              logicalType: number
              physicalType: decimal(10,2)
              logicalTypeOptions: {minimum: 0}
              customProperties:
                - {property: groupingSeparator, value: ","}
            - name: state
              logicalType: string
              customProperties:
                - {property: aliases, value: [Order State]}
              quality:
                - {name: state_known, metric: invalidValues, arguments: {validValues: [new, sent]}, mustBe: 0}
            - name: note
              logicalType: string
              quality:
                - {name: note_wanted, metric: nullValues, mustBe: 0, severity: warning}
            - {name: updated, logicalType: timestamp}
          customProperties:
            - {property: sequence, value: [updated]}
            - property: feeds
              value:
                - name: orders
                  format: csv
                  encodings: [UTF-8, windows-1252]
                  datePatterns: [yyyy-MM-dd, dd-MM-yyyy, M/d/yyyy]
      """;

  private OrdersContract() {}

  public static Contract contract() {
    return read(YAML);
  }

  public static Contract read(String yaml) {
    return new ContractReader().read("orders.yaml", yaml.getBytes(UTF_8));
  }

  /**
   * Returns the contract after edits.
   *
   * @param edits pairs of a text that occurs once, and what takes its place
   */
  static Contract edited(String... edits) {
    String yaml = YAML;
    for (int i = 0; i < edits.length; i += 2) {
      assertThat(yaml).containsOnlyOnce(edits[i]);
      yaml = yaml.replace(edits[i], edits[i + 1]);
    }
    return read(yaml);
  }
}
