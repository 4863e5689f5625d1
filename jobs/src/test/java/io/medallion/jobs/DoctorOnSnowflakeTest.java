package io.medallion.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.jobs.cli.CommandRun;
import io.medallion.jobs.cli.ExitCode;
import io.medallion.testkit.snowflake.Faults;
import io.medallion.testkit.snowflake.SnowflakeStandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor at Snowflake: with a login that holds, with a wrong key, and without a grant. */
class DoctorOnSnowflakeTest {
  @TempDir Path dir;
  private SnowflakeStandIn server;
  private KeyPair keys;

  @BeforeEach
  void start() throws Exception {
    keys = SnowflakeLogin.newKeys();
    server = SnowflakeStandIn.start("SALES", "STAR").withKey("loader", keys.getPublic());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void loginThatHoldsIsOkAndNothingIsLeftBehind() throws Exception {
    CommandRun run = doctor(keys);

    assertThat(run.out())
        .contains(": the login holds, and the role may do what a load does\n")
        .contains("ok       warehouse ");
    assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(server.faults().statements())
        .anyMatch(sql -> sql.startsWith("DROP TABLE MEDALLION_PROBE_"));
  }

  @Test
  void wrongKeyIsNamedAndNeverPrinted() throws Exception {
    KeyPair wrong = SnowflakeLogin.newKeys();

    CommandRun run = doctor(wrong);

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains("failed   warehouse snowflake: ")
        .contains("JWT token is invalid")
        .contains("fix: check account, user, key and role in the settings")
        .doesNotContain(SnowflakeLogin.text(wrong).substring(40, 80));
  }

  @Test
  void roleWithoutAGrantIsNamed() throws Exception {
    server.faults().at("^CREATE OR REPLACE VIEW", 1, Faults.Kind.REFUSE);

    CommandRun run = doctor(keys);

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out())
        .contains("failed   warehouse snowflake: Snowflake refused (query ")
        .contains("Insufficient privileges to operate on schema 'STAR'")
        .contains("CREATE OR REPLACE VIEW MEDALLION_PROBE_")
        .contains("fix: grant the role USAGE on database, schema and warehouse, and CREATE TABLE,");
    assertThat(server.faults().statements())
        .anyMatch(sql -> sql.startsWith("DROP TABLE MEDALLION_PROBE_"));
  }

  private CommandRun doctor(KeyPair key) throws IOException {
    Path settings = SnowflakeLogin.write(dir, server, key);
    return CommandRun.of(
        new DoctorJob(),
        Map.of(),
        "--lake",
        dir.resolve("lake").toString(),
        "--warehouse",
        "snowflake",
        "--warehouse-config",
        settings.toString());
  }
}
