package io.medallion.jobs.cli;

import io.medallion.core.ConfigurationException;
import io.medallion.core.LakeException;
import io.medallion.core.ledger.ConservationException;
import io.medallion.jobs.config.Installation;
import java.util.Map;
import java.util.OptionalInt;

/** A command: parses its options, runs, and turns what happens into an exit code. */
public abstract class Job {

  /** The command as its user sees it. */
  public abstract CommandSpec spec();

  /**
   * Does the work.
   *
   * @return the exit code
   */
  protected abstract int run(Arguments arguments, Console console) throws Exception;

  /** Whether the command answers with these options without a Spark session. */
  protected boolean onlyLooks(Arguments arguments) {
    return false;
  }

  /**
   * Answers a command line that asks for help or has a mistake, before anything of Spark is loaded.
   *
   * @param spark the settings that Spark is to be started with
   * @return the exit code; absent where the command is to be run
   */
  final OptionalInt endedEarly(
      String[] line, Console console, Map<String, String> environment, Map<String, String> spark) {
    Arguments arguments;
    try {
      arguments = Arguments.parse(spec(), line);
    } catch (Arguments.HelpRequested help) {
      console.line(help.getMessage());
      return OptionalInt.of(ExitCode.DONE);
    } catch (ConfigurationException e) {
      console.error(e.getMessage());
      return OptionalInt.of(ExitCode.USAGE);
    }
    try {
      Installation.of(arguments::given, environment, spark);
      return OptionalInt.empty();
    } catch (ConfigurationException e) {
      return OptionalInt.of(ended(arguments, console, e, ExitCode.USAGE));
    }
  }

  /** Runs a command line; {@code main} does nothing else but exit with what this returns. */
  public final int run(String[] line, Console console) {
    return run(line, console, System.getenv());
  }

  /** Runs a command line under an environment. */
  public final int run(String[] line, Console console, Map<String, String> environment) {
    Arguments arguments;
    try {
      arguments = Arguments.parse(spec(), line);
    } catch (Arguments.HelpRequested help) {
      console.line(help.getMessage());
      return ExitCode.DONE;
    } catch (ConfigurationException e) {
      console.error(e.getMessage());
      return ExitCode.USAGE;
    }
    try {
      Installation installation =
          Installation.of(arguments::given, environment, Installation.sparkOfThisJvm());
      return run(arguments.within(installation), console);
    } catch (ConfigurationException e) {
      return ended(arguments, console, e, ExitCode.USAGE);
    } catch (LakeException | ConservationException e) {
      return ended(arguments, console, e, ExitCode.FAILED);
    } catch (Exception e) {
      e.printStackTrace();
      return ended(arguments, console, e, ExitCode.FAILED);
    } catch (OutOfMemoryError e) {
      return ended(
          arguments,
          console,
          new LakeException(
              "memory ran out: " + e.getMessage(),
              "give the command more with --driver-memory; running it again goes on where it"
                  + " stopped"),
          ExitCode.FAILED);
    } catch (Error e) {
      e.printStackTrace();
      return ended(arguments, console, e, ExitCode.FAILED);
    }
  }

  /** What {@code --json} prints of a command that failed. */
  private record Failure(String error, int exitCode) {}

  private static int ended(Arguments arguments, Console console, Throwable e, int exitCode) {
    console.error(e.getMessage() == null ? e.toString() : e.getMessage());
    if (arguments.on(CommandSpec.JSON)) {
      console.json(new Failure(String.valueOf(e.getMessage()), exitCode));
    }
    return exitCode;
  }

  protected static void main(Job job, String[] line) {
    System.exit(job.run(line, new Console(System.out, System.err)));
  }
}
