package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class HeaderNamePropertyTest {

  @Property(tries = 200)
  void normalisingAgainChangesNothing(@ForAll String header) {
    String once = HeaderName.normalise(header);

    assertThat(HeaderName.normalise(once)).isEqualTo(once);
  }
}
