package io.medallion.core.csv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.core.contract.Contract;
import io.medallion.core.contract.ContractReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderTest {
  private static final Contract CONTRACT =
      new ContractReader()
          .read(
              "items.yaml",
              """
              apiVersion: v3.1.0
              kind: DataContract
              id: test.items
              version: "1.0.0"
              status: active
              schema:
                - name: items
                  logicalType: object
                  description: An item.
                  properties:
                    - {name: item_id, logicalType: string, required: true, primaryKey: true}
                    - {name: sub_category, logicalType: string, required: true}
                    - name: note
                      logicalType: string
                      customProperties:
                        - {property: aliases, value: [Remark]}
                  customProperties:
                    - property: feeds
                      value:
                        - {name: items, format: csv}
              """
                  .getBytes(UTF_8));

  @Test
  void findsColumnsByNameInAnyOrderCaseAndPunctuation() {
    Header header = Header.match(CONTRACT, List.of("Remark", "Sub-Category", "ITEM ID"));

    assertThat(header.columns()).containsExactly(2, 1, 0);
    assertThat(header.missing(CONTRACT)).isEmpty();
    assertThat(header.rescuedNames()).isEmpty();
  }

  @Test
  void namesEveryRequiredColumnThatIsMissing() {
    assertThat(Header.match(CONTRACT, List.of("note")).missing(CONTRACT))
        .containsExactly("item_id", "sub_category");
  }

  @Test
  void keepsBothPlacesOfARepeatedColumn() {
    assertThat(Header.match(CONTRACT, List.of("note", "item_id", "Remark")).columns())
        .containsExactly(2, 0, 2);
  }

  @Test
  void rescuesUnknownFieldsUnderUniqueNames() {
    Header header =
        Header.match(
            CONTRACT, List.of("item_id", " colour ", "", "colour", "sub_category", "size"));

    assertThat(header.rescuedNames())
        .isEqualTo(Map.of(1, "colour", 2, "_3", 3, "colour_2", 5, "size"));
  }

  @Test
  void neverRescuesTwoFieldsUnderOneName() {
    Header header = Header.match(CONTRACT, List.of("x", "x", "x_2", "_5", ""));

    assertThat(header.rescuedNames().values()).doesNotHaveDuplicates().hasSize(5).contains("x");
  }

  @Test
  void equalsAHeaderOfTheSameNamesAndColumns() {
    Header one = Header.match(CONTRACT, List.of("item_id", "note"));

    assertThat(one)
        .isEqualTo(Header.match(CONTRACT, List.of("item_id", "note")))
        .hasSameHashCodeAs(Header.match(CONTRACT, List.of("item_id", "note")))
        .isNotEqualTo(Header.match(CONTRACT, List.of("note", "item_id")));
  }
}
