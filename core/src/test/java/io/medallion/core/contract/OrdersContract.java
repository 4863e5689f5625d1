package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** A contract without a mistake that uses all of the format, and edits that put mistakes in. */
final class OrdersContract {
  static final String FILE = "orders.yaml";

  private OrdersContract() {}

  static String yaml() {
    try (InputStream in = OrdersContract.class.getResourceAsStream("orders.odcs.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the contract with the one occurrence of {@code correct} replaced. */
  static String edited(String correct, String wrong) {
    String yaml = yaml();
    assertThat(yaml).containsOnlyOnce(correct);
    return yaml.replace(correct, wrong);
  }

  public static Contract read(String yaml) {
    return new ContractReader().read(FILE, yaml.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param expected pairs of "line:column: problem" and fix
   */
  static Arguments mistake(String what, String correct, String wrong, String... expected) {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < expected.length; i += 2) {
      messages.add(FILE + ":" + expected[i] + "\n    fix: " + expected[i + 1]);
    }
    return Arguments.of(what, correct, wrong, messages);
  }

  static void assertMistakes(String yaml, List<String> expected) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(String.join("\n", expected));
  }
}
