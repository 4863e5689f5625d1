package io.medallion.testkit.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stand-in seen through Snowflake's own JDBC driver. */
class DriverTest {
  private static KeyPair keys;
  private SnowflakeStandIn server;

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
  }

  @BeforeEach
  void start() {
    server =
        SnowflakeStandIn.start("SHOP", "PUBLIC")
            .withPassword("ann", "open sesame")
            .withKey("ann", keys.getPublic())
            .withToken("ann", "a-token");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.put("account", "acct");
    properties.put("user", "ann");
    properties.put("ssl", "off");
    properties.put("db", "SHOP");
    properties.put("schema", "PUBLIC");
    return properties;
  }

  private Connection connect(Properties properties) throws SQLException {
    return DriverManager.getConnection("jdbc:snowflake://" + server.host(), properties);
  }

  private Connection connect() throws SQLException {
    Properties properties = properties();
    properties.put("password", "open sesame");
    return connect(properties);
  }

  private static List<List<Object>> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static int run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Test
  void aPasswordIsChecked() throws Exception {
    Properties wrong = properties();
    wrong.put("password", "open barley");

    assertThatThrownBy(() -> connect(wrong))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Incorrect username or password was specified.");
    try (Connection connection = connect()) {
      assertThat(rows(connection, "select 1")).hasSize(1);
    }
    assertThat(server.sessions()).isZero();
  }

  @Test
  void aKeyIsCheckedByItsSignature() throws Exception {
    Properties right = properties();
    right.put("privateKey", keys.getPrivate());
    try (Connection connection = connect(right)) {
      assertThat(rows(connection, "select 'in'")).containsExactly(List.of("in"));
    }
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    PrivateKey other = generator.generateKeyPair().getPrivate();
    Properties wrong = properties();
    wrong.put("privateKey", other);

    assertThatThrownBy(() -> connect(wrong))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("JWT token is invalid.");
  }

  @Test
  void aTokenIsChecked() throws Exception {
    Properties right = properties();
    right.put("authenticator", "oauth");
    right.put("token", "a-token");
    try (Connection connection = connect(right)) {
      assertThat(rows(connection, "select 'in'")).containsExactly(List.of("in"));
    }
    Properties wrong = properties();
    wrong.put("authenticator", "oauth");
    wrong.put("token", "another");

    assertThatThrownBy(() -> connect(wrong))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Invalid OAuth access token.");
  }

  @Test
  void valuesOfEveryTypeComeBack() throws Exception {
    try (Connection connection = connect()) {
      run(
          connection,
          "create transient table t (id number(19,0) not null comment 'the ''id''', name varchar,"
              + " price number(38,18), day date, stamp timestamp_ntz(6), yes boolean,"
              + " constraint pk primary key (id)) cluster by (day) comment = 'a table'");
      try (PreparedStatement insert =
          connection.prepareStatement("insert into t (id, name, price) values (?, ?, ?)")) {
        insert.setLong(1, 7);
        insert.setString(2, "a'b\\n \"q\" | ? 😀");
        insert.setBigDecimal(3, new BigDecimal("-12345678901234567890.123456789012345678"));
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
      run(
          connection,
          "update t set day = '1900-02-28'::date, stamp = '2024-01-02 03:04:05.678901', yes = true");
      run(connection, "insert into t (id) values (8)");

      List<List<Object>> rows = rows(connection, "select * from t order by id");

      assertThat(rows.get(0).get(1)).isEqualTo("a'b\\n \"q\" | ? 😀");
      assertThat(rows.get(0).get(2))
          .isEqualTo(new BigDecimal("-12345678901234567890.123456789012345678"));
      assertThat(rows.get(0).get(3)).hasToString("1900-02-28");
      assertThat(rows.get(0).get(4)).hasToString("2024-01-02 03:04:05.678901");
      assertThat(rows.get(0).get(5)).isEqualTo(true);
      assertThat(rows.get(1).subList(1, 6)).containsOnlyNulls();
      assertThat(rows(connection, "select name from t where name = 'a\\'b\\\\n \"q\" | ? 😀'"))
          .hasSize(1);
    }
  }

  @Test
  void aTransactionIsSeenWhenItIsCommitted() throws Exception {
    try (Connection writer = connect();
        Connection reader = connect()) {
      run(writer, "create table t (id int)");
      writer.setAutoCommit(false);
      run(writer, "insert into t values (1)");
      assertThat(rows(reader, "select * from t")).isEmpty();
      writer.rollback();
      run(writer, "insert into t values (2)");
      writer.commit();
      assertThat(rows(reader, "select id from t").get(0).get(0)).hasToString("2");
      run(writer, "insert into t values (3)");
      run(writer, "create table u (id int)");
      assertThat(rows(reader, "select * from t")).as("a definition commits").hasSize(2);
    }
  }

  @Test
  void aSecondChangeOfATableWaitsForTheFirst() throws Exception {
    try (Connection first = connect();
        Connection second = connect()) {
      run(first, "create table t (id int)");
      run(first, "insert into t values (1)");
      first.setAutoCommit(false);
      assertThat(run(first, "update t set id = 2 where id = 1")).isEqualTo(1);
      second.setAutoCommit(false);
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return run(second, "update t set id = 3 where id = 1");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(() -> waiting.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      first.commit();
      assertThat(get(waiting)).as("sees what the first has left").isZero();
      second.commit();
    }
  }

  @Test
  void aTransactionOfASilentClientGivesWay() throws Exception {
    server.abandoningAfter(Duration.ofMillis(200));
    try (Connection silent = connect();
        Connection next = connect()) {
      run(silent, "create table t (id int)");
      run(silent, "insert into t values (1)");
      silent.setAutoCommit(false);
      run(silent, "update t set id = 2");

      assertThat(run(next, "update t set id = id + 10")).isEqualTo(1);

      assertThat(rows(next, "select id from t").get(0).get(0)).hasToString("11");
      assertThatThrownBy(silent::commit)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(390112));
    }
  }

  private static <T> T get(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aMergeCountsWhatItDoesAndRefusesDuplicateKeys() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "create table t (id int, v varchar)");
      run(connection, "insert into t values (1, 'a'), (2, 'b')");
      run(connection, "create table n (id int, v varchar, op varchar)");
      run(connection, "insert into n values (1, 'x', 'u'), (2, '', 'd'), (3, 'c', 'i')");
      String merge =
          "merge into t using n on t.id = n.id when matched and n.op = 'd' then delete"
              + " when matched then update set v = n.v"
              + " when not matched then insert (id, v) values (n.id, n.v)";
      assertThat(rows(connection, merge).get(0))
          .extracting(Object::toString)
          .containsExactly("1", "1", "1");
      assertThat(rows(connection, "select v from t order by id"))
          .containsExactly(List.of("x"), List.of("c"));
      run(connection, "insert into n values (1, 'y', 'u')");

      assertThatThrownBy(() -> run(connection, merge))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                assertThat(e.getErrorCode()).isEqualTo(100090);
                assertThat(e.getMessage()).contains("Duplicate row detected during DML action");
              });
    }
  }

  @Test
  void errorsHaveSnowflakesCodes() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "create table t (id int not null)");
      assertCode(connection, "select nope from t", 904);
      assertCode(connection, "select * from nowhere", 2003);
      assertCode(connection, "insert into t values (null)", 100072);
      assertCode(connection, "selec 1", 2);
      assertCode(connection, "insert overwrite into t values (1)", 2);
      assertCode(connection, "copy into t from @s file_format = (type = csv skip_header = 1)", 2);
      assertCode(connection, "select from where", 1003);
    }
  }

  private static void assertCode(Connection connection, String sql, int code) {
    assertThatThrownBy(() -> rows(connection, sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getErrorCode()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void aLostSessionTakesWhatItHadNotCommitted() throws Exception {
    try (Connection connection = connect();
        Connection reader = connect()) {
      run(connection, "create table t (id int)");
      connection.setAutoCommit(false);
      run(connection, "insert into t values (1)");
      server.faults().at("values \\(2\\)", 1, Faults.Kind.LOSE_SESSION);

      assertThatThrownBy(() -> run(connection, "insert into t values (2)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(390112));
      assertThat(rows(reader, "select * from t")).isEmpty();
    }
  }

  @Test
  void anAnswerThatWasLostIsGivenAgainAndNotWorkedForTwice() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "create table t (id int)");
      server.faults().at("insert into t", 1, Faults.Kind.DROP_ANSWER);
      assertThat(run(connection, "insert into t values (1)")).isEqualTo(1);
      server.faults().at("insert into t", 1, Faults.Kind.UNAVAILABLE);
      assertThat(run(connection, "insert into t values (2)")).isEqualTo(1);
      assertThat(rows(connection, "select id from t")).hasSize(2);
      server.faults().at("insert into t", 1, Faults.Kind.FAIL);
      assertThatThrownBy(() -> run(connection, "insert into t values (3)"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("SQL execution internal error");
      server.faults().clear();
      server.faults().slow(Duration.ofMillis(50));
      assertThat(rows(connection, "select id from t")).hasSize(2);
    }
  }
}
