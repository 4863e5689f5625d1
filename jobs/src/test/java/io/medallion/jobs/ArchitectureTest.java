package io.medallion.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import org.apache.spark.sql.SparkSession;

@AnalyzeClasses(packages = "io.medallion", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule coreKnowsNoLayer =
      noClasses()
          .that()
          .resideInAPackage("io.medallion.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.medallion.bronze..",
              "io.medallion.silver..",
              "io.medallion.gold..",
              "io.medallion.jobs..");

  @ArchTest static final ArchRule bronzeKnowsNoOtherLayer = layer("bronze", "silver", "gold");

  @ArchTest static final ArchRule silverKnowsNoOtherLayer = layer("silver", "bronze", "gold");

  @ArchTest static final ArchRule goldKnowsNoOtherLayer = layer("gold", "bronze", "silver");

  @ArchTest
  static final ArchRule onlyJobsMakeTheSession =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.medallion.core..",
              "io.medallion.bronze..",
              "io.medallion.silver..",
              "io.medallion.gold..")
          .should()
          .callMethod(SparkSession.class, "builder")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule namesSayWhatThingsAre =
      classes()
          .should()
          .haveSimpleNameNotEndingWith("Util")
          .andShould()
          .haveSimpleNameNotEndingWith("Utils")
          .andShould()
          .haveSimpleNameNotEndingWith("Helper")
          .andShould()
          .haveSimpleNameNotEndingWith("Manager")
          .andShould()
          .haveSimpleNameNotEndingWith("Common");

  @ArchTest
  static final ArchRule noGetPrefix = methods().should().haveNameNotMatching("get[A-Z].*");

  private static ArchRule layer(String name, String... others) {
    return noClasses()
        .that()
        .resideInAPackage("io.medallion." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.medallion." + others[0] + "..",
            "io.medallion." + others[1] + "..",
            "io.medallion.jobs..");
  }
}
