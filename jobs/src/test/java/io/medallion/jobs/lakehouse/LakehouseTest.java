package io.medallion.jobs.lakehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LakehouseTest {
  @Test
  void aUriIsNoFolderOfItsName() {
    assertThat(Lakehouse.absolute("file:/lake")).isEqualTo("file:/lake");
    assertThat(Lakehouse.absolute("file:///lake")).isEqualTo("file:///lake");
    assertThat(Lakehouse.absolute("s3a://bucket/lake")).isEqualTo("s3a://bucket/lake");
    assertThat(Lakehouse.absolute("./lake")).isEqualTo(Path.of("lake").toAbsolutePath().toString());
    assertThat(Lakehouse.absolute("a:b")).isEqualTo(Path.of("a:b").toAbsolutePath().toString());
  }

  @Test
  void aUriWithAPasswordIsRefusedAndNotShown() {
    assertThatThrownBy(() -> Lakehouse.absolute("s3a://key:secret@bucket/lake"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("--lake: the URI has a user or a password in it")
        .hasMessageNotContaining("secret");
  }
}
