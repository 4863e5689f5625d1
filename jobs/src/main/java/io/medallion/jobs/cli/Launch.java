package io.medallion.jobs.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.spark.deploy.SparkSubmit;

/**
 * What the launcher starts in place of SparkSubmit, with the same arguments.
 *
 * <p>Help and mistakes end here before a class of Spark is loaded. Commands that only look run
 * here, without SparkSubmit; all others are handed on to it.
 */
public final class Launch {
  /** SparkSubmit's word for an application that is on the class path. */
  private static final String ON_CLASS_PATH = "spark-internal";

  private Launch() {}

  /**
   * SparkSubmit's arguments.
   *
   * @param mainClass the command's
   * @param resource the application's jar, or {@link #ON_CLASS_PATH}
   * @param settings of Spark
   * @param line the command's own
   */
  record Submission(
      String mainClass, String resource, Map<String, String> settings, String[] line) {

    static Submission of(String[] arguments, Map<String, String> environment) {
      Map<String, String> given = new LinkedHashMap<>();
      // These outrank --conf, wherever they stand.
      Map<String, String> options = new LinkedHashMap<>();
      List<String> words = new ArrayList<>(Arrays.asList(arguments));
      String mainClass = "";
      String properties =
          environment.containsKey("SPARK_CONF_DIR")
              ? environment.get("SPARK_CONF_DIR") + "/spark-defaults.conf"
              : "";
      // Each of SparkSubmit's options that the launcher passes takes a value.
      while (words.size() > 1 && words.get(0).startsWith("--")) {
        String option = words.remove(0);
        String value = words.remove(0);
        switch (option) {
          case "--class" -> mainClass = value;
          case "--master" -> options.put("spark.master", value);
          case "--jars" -> options.put("spark.jars", value);
          case "--properties-file" -> properties = value;
          case "--conf" -> {
            int equals = value.indexOf('=');
            given.put(value.substring(0, equals), value.substring(equals + 1));
          }
          default -> {
            // Of memory, cores and the like: nothing here depends on them.
          }
        }
      }
      String resource = words.isEmpty() ? ON_CLASS_PATH : words.remove(0);
      Map<String, String> settings = new LinkedHashMap<>(read(properties));
      settings.putAll(given);
      settings.putAll(options);
      if (!resource.equals(ON_CLASS_PATH)) {
        settings.merge("spark.jars", resource, (jars, jar) -> jars + "," + jar);
      }
      return new Submission(mainClass, resource, settings, words.toArray(String[]::new));
    }

    private static Map<String, String> read(String file) {
      Map<String, String> settings = new LinkedHashMap<>();
      if (!file.isEmpty() && Files.isReadable(Path.of(file))) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
          properties.load(reader);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        properties
            .stringPropertyNames()
            .forEach(key -> settings.put(key, properties.getProperty(key).strip()));
      }
      return settings;
    }
  }

  public static void main(String[] arguments) throws ReflectiveOperationException {
    Submission submission = Submission.of(arguments, System.getenv());
    Job job = (Job) Class.forName(submission.mainClass()).getDeclaredConstructor().newInstance();
    Console console = new Console(System.out, System.err);
    OptionalInt ended =
        job.endedEarly(submission.line(), console, System.getenv(), submission.settings());
    if (ended.isPresent()) {
      exit(ended.getAsInt());
    } else if (job.onlyLooks(Arguments.parse(job.spec(), submission.line()))) {
      // As SparkSubmit does, for what reads them.
      submission
          .settings()
          .forEach(
              (key, value) -> {
                if (key.startsWith("spark.")) {
                  System.setProperty(key, value);
                }
              });
      exit(job.run(submission.line(), console));
    } else {
      SparkSubmit.main(arguments);
    }
  }

  private static void exit(int code) {
    System.out.flush();
    System.exit(code);
  }
}
