package io.medallion.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobTest {

  private static final class Ending extends Job {
    private final Error how;

    Ending(Error how) {
      this.how = how;
    }

    @Override
    public CommandSpec spec() {
      return CommandSpec.of("ending", "Ends.", List.of(), List.of("medallion ending"));
    }

    @Override
    protected int run(Arguments arguments, Console console) {
      throw how;
    }
  }

  @Test
  void errorsOfTheMachineEndWithOneAndAMessage() {
    CommandRun memory =
        CommandRun.of(new Ending(new OutOfMemoryError("Java heap space")), Map.of());
    CommandRun link = CommandRun.of(new Ending(new NoClassDefFoundError("x/Y")), Map.of());

    assertThat(memory.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(memory.err())
        .isEqualTo(
            "error: memory ran out: Java heap space\n    fix: give the command more with"
                + " --driver-memory; running it again goes on where it stopped\n");
    assertThat(link.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(link.err()).contains("error: x/Y");
  }
}
