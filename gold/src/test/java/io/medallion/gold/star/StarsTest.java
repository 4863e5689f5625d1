package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarsTest {
  @TempDir Path directory;

  @Test
  void findsAStarByNameAndBySource() throws IOException {
    write("shop.yaml", ShopStar.yaml());
    Stars stars = Stars.read(directory, ShopStar.contracts());

    assertThat(stars.byName("shop").source()).isEqualTo("orders");
    assertThat(stars.fedBy("orders")).isEqualTo(stars.all()).hasSize(1);
    assertThat(stars.fedBy("lines")).isEmpty();
    assertThatThrownBy(() -> stars.byName("shops"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "star `shops`: no star file declares it\n"
                + "    fix: write `shop`, or add a star file that does");
  }

  @Test
  void readsADirectoryWithoutStars() {
    assertThat(Stars.read(directory, ShopStar.contracts()).all()).isEmpty();
  }

  @Test
  void reportsTheMistakesOfAllFilesAtOnce() throws IOException {
    Path first = write("a.yaml", ShopStar.edited("source: orders", "source: order"));
    Path second = write("b.yaml", ShopStar.edited("scdType: 1", "scdType: 4"));

    assertThatThrownBy(() -> Stars.read(directory, ShopStar.contracts()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            first
                + ":3:9: no contract declares the silver table `order`\n"
                + "    fix: write `orders`, or add its contract\n"
                + second
                + ":19:14: a dimension of type 4 is not known\n"
                + "    fix: write 1 (overwrite) or 2 (keep the past)");
  }

  @Test
  void reportsWhatTwoStarsBothDeclare() throws IOException {
    Path first = write("a.yaml", ShopStar.yaml());
    Path second =
        write(
            "b.yaml",
            ShopStar.edited("star: shop", "star: shop_2").replace("fact_orders", "fact_orders_2"));

    assertThatThrownBy(() -> Stars.read(directory, ShopStar.contracts()))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.mistakes())
                    .containsExactly(
                        again(second, "dim_state", first),
                        again(second, "dim_order", first),
                        again(second, "dim_date", first)));
  }

  private static Mistake again(Path file, String table, Path first) {
    return new Mistake(
        file + ":1:7",
        "a second table named `gold." + table + "`, after " + first,
        "give one of the two another name");
  }

  private Path write(String name, String yaml) throws IOException {
    return Files.writeString(directory.resolve(name), yaml);
  }
}
