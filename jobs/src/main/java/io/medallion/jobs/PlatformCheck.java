package io.medallion.jobs;

import java.util.ArrayList;
import java.util.List;

/** Java and Spark. */
final class PlatformCheck implements Checkup.Check {
  private static final int JAVA = 17;
  private static final String SPARK = "3.5.";

  @Override
  public String name() {
    return "java and spark";
  }

  @Override
  public List<Diagnosis> diagnose(Checkup checkup) {
    List<Diagnosis> found = new ArrayList<>();
    found.add(java(Runtime.version().feature(), System.getProperty("java.version")));
    if (!Object.class.getModule().isOpen("sun.nio.ch", PlatformCheck.class.getModule())) {
      found.add(
          new Diagnosis.Failed(
              "java modules",
              "Java keeps Spark out of its inner classes",
              "start with ./medallion or spark-submit, which pass --add-opens"));
    }
    found.add(spark(org.apache.spark.package$.MODULE$.SPARK_VERSION()));
    return found;
  }

  static Diagnosis java(int feature, String version) {
    return feature == JAVA
        ? new Diagnosis.Ok("java", version)
        : new Diagnosis.Warning(
            "java",
            version + " is not what Medallion and Spark 3.5 are tested with",
            "set JAVA_HOME to a JDK " + JAVA);
  }

  static Diagnosis spark(String version) {
    return version.startsWith(SPARK)
        ? new Diagnosis.Ok("spark", version)
        : new Diagnosis.Failed(
            "spark",
            "it is " + version + ", and Delta Lake here is made for " + SPARK + "x",
            "set SPARK_HOME to a Spark 3.5, or unset it");
  }
}
