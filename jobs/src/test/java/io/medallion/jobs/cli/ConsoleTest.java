package io.medallion.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.medallion.testkit.LocalSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));

  @Test
  void whatWouldMoveATerminalIsShownByItsCode() {
    console.line("a\u001b[2J\u202eb\tc");
    console.notice("x\u0007.csv");
    console.error("y\r\u009bz\nfix: none");
    console.progress("bronze", "\u001b]0;title\u0007");
    console.table(List.of("name"), List.of(List.of("\u001b[31mred")));

    assertThat(out.toString(UTF_8))
        .startsWith("a\\u001b[2J\\u202eb\tc\n")
        .contains("\\u001b[31mred")
        .doesNotContain("\u001b");
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "note: x\\u0007.csv\nerror: y\\u000d\\u009bz\nfix: none\n"
                + "bronze   \\u001b]0;title\\u0007\n");
  }

  @Test
  void textsThatASpreadsheetTakesForFormulasAreMarkedWhereThatIsAskedFor() {
    String sql = "VALUES ('=1+1', -2.5, '-x', '@a', 'plain', '+49 1')";

    RowPrinter.print(LocalSession.shared().sql(sql), RowFormat.CSV, 10, console);
    RowPrinter.print(LocalSession.shared().sql(sql), RowFormat.EXCEL_SAFE_CSV, 10, console);

    assertThat(out.toString(UTF_8).lines())
        .contains("=1+1,-2.5,-x,@a,plain,+49 1", "'=1+1,-2.5,'-x,'@a,plain,'+49 1");
  }
}
