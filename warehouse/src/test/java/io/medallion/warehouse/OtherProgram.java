package io.medallion.warehouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import java.util.Properties;

/** Another process that has a warehouse file open until it is told to go on, line by line. */
final class OtherProgram implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  private OtherProgram(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Opens the file to read, to write, or to load into it. */
  enum Use {
    READ,
    WRITE,
    LOAD
  }

  static OtherProgram start(Use use, Path file) throws IOException {
    return new OtherProgram(
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    OtherProgram.class.getName(),
                    use.name(),
                    file.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  long pid() {
    return process.pid();
  }

  /** The next line it says. */
  String answer() {
    try {
      return answers.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    Use use = Use.valueOf(args[0]);
    BufferedReader go =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (use == Use.LOAD) {
      try (FileChannel lock =
          FileChannel.open(
              Path.of(args[1] + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        lock.write(
            StandardCharsets.UTF_8.encode("process " + ProcessHandle.current().pid() + "\n"));
        System.out.println("locked");
        go.readLine();
      }
      return;
    }
    while (true) {
      Properties properties = new Properties();
      properties.setProperty("duckdb.read_only", String.valueOf(use == Use.READ));
      try (Connection connection =
          DriverManager.getConnection("jdbc:duckdb:" + args[1], properties)) {
        System.out.println(amounts(connection));
        go.readLine();
        System.out.println(amounts(connection));
      }
      go.readLine();
    }
  }

  private static String amounts(Connection connection) throws Exception {
    try (ResultSet result =
        connection
            .createStatement()
            .executeQuery(
                "SELECT count(*), sum(amount) FILTER (order_id = 'o1'), (SELECT count(*) FROM"
                    + " v_by_customer) FROM fact")) {
      result.next();
      return result.getString(1) + " " + result.getString(2) + " " + result.getString(3);
    }
  }
}
