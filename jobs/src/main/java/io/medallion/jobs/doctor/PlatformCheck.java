package io.medallion.jobs.doctor;

import java.util.ArrayList;
import java.util.List;

/** Java and Spark. */
final class PlatformCheck implements HealthChecks.Check {
  private static final int JAVA = 17;
  private static final String SPARK = "3.5.";

  @Override
  public String name() {
    return "java and spark";
  }

  @Override
  public List<HealthResult> results(HealthChecks healthChecks) {
    List<HealthResult> found = new ArrayList<>();
    found.add(java(Runtime.version().feature(), System.getProperty("java.version")));
    if (!Object.class.getModule().isOpen("sun.nio.ch", PlatformCheck.class.getModule())) {
      found.add(
          new HealthResult.Failed(
              "java modules",
              "Java keeps Spark out of its inner classes",
              "start with ./medallion or spark-submit, which pass --add-opens"));
    }
    found.add(spark(org.apache.spark.package$.MODULE$.SPARK_VERSION()));
    return found;
  }

  static HealthResult java(int feature, String version) {
    return feature == JAVA
        ? new HealthResult.Ok("java", version)
        : new HealthResult.Warning(
            "java",
            version + " is not what Medallion and Spark 3.5 are tested with",
            "set JAVA_HOME to a JDK " + JAVA);
  }

  static HealthResult spark(String version) {
    return version.startsWith(SPARK)
        ? new HealthResult.Ok("spark", version)
        : new HealthResult.Failed(
            "spark",
            "it is " + version + ", and Delta Lake here is made for " + SPARK + "x",
            "set SPARK_HOME to a Spark 3.5, or unset it");
  }
}
