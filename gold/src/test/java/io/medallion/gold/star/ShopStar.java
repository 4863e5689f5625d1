package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.contract.ContractReader;
import io.medallion.core.contract.Contracts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** A star without a mistake that uses all of the format, and edits that put mistakes in. */
final class ShopStar {
  static final String FILE = "shop.yaml";

  private ShopStar() {}

  static Contracts contracts() {
    byte[] yaml = resource("orders.odcs.yaml").getBytes(StandardCharsets.UTF_8);
    return Contracts.of(List.of(new ContractReader().read("orders.odcs.yaml", yaml)));
  }

  static String yaml() {
    return resource("shop.yaml");
  }

  private static String resource(String name) {
    try (InputStream in = ShopStar.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the star with the one occurrence of {@code correct} replaced. */
  static String edited(String correct, String wrong) {
    String yaml = yaml();
    assertThat(yaml).containsOnlyOnce(correct);
    return yaml.replace(correct, wrong);
  }

  static Star read(String yaml) {
    return new StarReader(contracts()).read(FILE, yaml.getBytes(StandardCharsets.UTF_8));
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
