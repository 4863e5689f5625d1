package io.medallion.bronze;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.ContractReader;
import io.medallion.core.contract.Feed;

/** A contract of two required columns, and its feed. */
final class OrdersFeed {
  private static final String YAML =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: test.orders
      version: "1.0.0"
      status: active
      schema:
        - name: orders
          logicalType: object
          description: An order.
          properties:
            - {name: id, logicalType: string, required: true, primaryKey: true}
            - {name: name, logicalType: string, required: true}
            - {name: note, logicalType: string}
          customProperties:
            - property: feeds
              value:
                - {name: orders, format: csv, encodings: [UTF-8, windows-1252]}
                - {name: orders_utf8, format: csv, encodings: [UTF-8]}
      """;

  private OrdersFeed() {}

  static Contract contract() {
    return read(YAML);
  }

  /** The contract after {@code name} was made optional. */
  static Contract contractWithoutName() {
    return read(
        YAML.replace(
            "{name: name, logicalType: string, required: true}",
            "{name: name, logicalType: string}"));
  }

  /** The contract with further keys of the feed. */
  static Contract contractWith(String keys) {
    return read(YAML.replace("windows-1252]}", "windows-1252], " + keys + "}"));
  }

  static Feed feed() {
    return contract().feed("orders");
  }

  private static Contract read(String yaml) {
    return new ContractReader().read("orders.yaml", yaml.getBytes(UTF_8));
  }
}
