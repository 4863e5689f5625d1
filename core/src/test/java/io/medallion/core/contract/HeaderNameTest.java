package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderNameTest {

  @ParameterizedTest
  @CsvSource({
    "Sub-Category, sub_category",
    "Sub_Category, sub_category",
    "sub_category, sub_category",
    "' Row  ID ', row_id",
    "'\u00a0Row\u00a0ID\u00a0', row_id",
    "Größe (cm), größe_cm",
    "__a__b__, a_b",
    "'---', ''",
    "'', ''"
  })
  void joinsWordsByOneUnderscore(String header, String expected) {
    assertThat(HeaderName.normalise(header)).isEqualTo(expected);
  }
}
