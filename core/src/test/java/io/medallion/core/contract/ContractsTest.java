package io.medallion.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractsTest {
  @TempDir Path directory;

  @Test
  void findsAContractByFeedAndByTable() throws IOException {
    write("orders.odcs.yaml", OrdersContract.yaml());
    write("notes.yaml", "not: a contract");

    Contracts contracts = Contracts.read(directory);

    assertThat(contracts.all()).hasSize(1);
    assertThat(contracts.byFeed("orders_export").table()).isEqualTo("orders");
    assertThat(contracts.byTable("orders").id()).isEqualTo("test.orders");
    assertThat(contracts.table("lines")).isEmpty();
    assertThat(contracts.tableNames()).containsExactly("orders");
    assertThat(contracts.feedNames()).containsExactly("orders", "orders_export");
  }

  @Test
  void namesTheNearestFeedAndTable() throws IOException {
    write("orders.odcs.yaml", OrdersContract.yaml());
    Contracts contracts = Contracts.read(directory);

    assertThatThrownBy(() -> contracts.byFeed("orders_exprt"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "feed `orders_exprt`: no contract declares it\n"
                + "    fix: write `orders_export`, or add a contract that does");
    assertThatThrownBy(() -> contracts.byTable("invoices"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "table `invoices`: no contract declares it\n"
                + "    fix: use one of orders, or add a contract that does");
  }

  @Test
  void reportsTheMistakesOfAllFilesAtOnce() throws IOException {
    Path first = write("a.odcs.yaml", OrdersContract.edited("status: active", "status: live"));
    Path second = write("b.odcs.yaml", OrdersContract.edited("HALF_UP", "HALFUP"));

    assertThatThrownBy(() -> Contracts.read(directory))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            first
                + ":5:9: the status `live` is not known\n"
                + "    fix: write proposed, draft, active, deprecated, retired\n"
                + second
                + ":36:41: the rounding `HALFUP` is not known\n"
                + "    fix: write `HALF_UP`");
  }

  @Test
  void reportsWhatTwoContractsBothDeclare() throws IOException {
    Path first = write("a.odcs.yaml", OrdersContract.yaml());
    Path second = write("b.odcs.yaml", OrdersContract.edited("orders_export", "orders_import"));

    assertThatThrownBy(() -> Contracts.read(directory))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.mistakes())
                    .containsExactly(
                        again(second, "contract with the id `test.orders`", first),
                        again(second, "table named `orders`", first),
                        again(second, "feed named `orders`", first)));
  }

  @Test
  void refusesADirectoryWithoutContracts() {
    assertThatThrownBy(() -> Contracts.read(directory))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            directory
                + ": the directory holds no contract\n"
                + "    fix: put a file named *.odcs.yaml into it");
  }

  @Test
  void refusesADirectoryThatDoesNotExist() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> Contracts.read(missing))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            missing
                + ": the directory of contracts cannot be read: "
                + "java.nio.file.NoSuchFileException: "
                + missing
                + "\n    fix: name a directory that holds *.odcs.yaml files");
  }

  private static Mistake again(Path file, String what, Path first) {
    return new Mistake(
        file + ":7:11",
        "a second " + what + ", after " + first,
        "give one of the two another name");
  }

  private Path write(String name, String yaml) throws IOException {
    return Files.writeString(directory.resolve(name), yaml);
  }
}
