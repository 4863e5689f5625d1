package io.medallion.gold.star;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.ContractReader;
import io.medallion.core.contract.Contracts;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second dataset takes a contract and a star, and no code. */
class ItemStarTest {

  @Test
  void itemIsDescribedByConfigurationAlone() throws IOException {
    Contract contract =
        new ContractReader().read("item.odcs.yaml", resource("contracts/item.odcs.yaml"));
    Star star =
        new StarReader(Contracts.of(List.of(contract)))
            .read("item.yaml", resource("stars/item.yaml"));

    assertThat(contract.columns()).hasSize(21);
    assertThat(contract.businessKey()).containsExactly("i_item_id", "i_item_sk");
    assertThat(contract.column("i_rec_start_date").required()).isFalse();
    assertThat(star.tables()).containsExactly("dim_item");
    assertThat(star.dimensions().get(0).tracked()).hasSize(19);
    assertThat(star.dimensions().get(0).tieBreak()).containsExactly("i_item_sk");
    assertThat(star.checks().stream().map(Star.Check::name))
        .containsExactly(
            "dim_item_item_key_unique",
            "dim_item_item_key_not_null",
            "dim_item_i_item_id_not_null",
            "dim_item_version_unique",
            "dim_item_current_unique",
            "dim_item_intervals",
            "dim_item_valid_from_not_null",
            "dim_item_valid_to_not_null",
            "item_members_complete");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        ItemStarTest.class.getResourceAsStream("/io/medallion/testkit/item/" + name)) {
      return in.readAllBytes();
    }
  }
}
