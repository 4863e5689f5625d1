package io.medallion.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.medallion");

  private static void holds(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void coreKnowsNoLayer() {
    holds(
        noClasses()
            .that()
            .resideInAPackage("io.medallion.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.medallion.bronze..",
                "io.medallion.silver..",
                "io.medallion.gold..",
                "io.medallion.jobs.."));
  }

  @Test
  void bronzeKnowsNoOtherLayer() {
    holds(layer("bronze", "silver", "gold"));
  }

  @Test
  void silverKnowsNoOtherLayer() {
    holds(layer("silver", "bronze", "gold"));
  }

  @Test
  void goldKnowsNoOtherLayer() {
    holds(layer("gold", "bronze", "silver"));
  }

  @Test
  void onlyJobsMakeTheSession() {
    holds(
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
            .callMethod(Clock.class, "systemUTC"));
  }

  @Test
  void namesSayWhatThingsAre() {
    holds(
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
            .haveSimpleNameNotEndingWith("Common"));
  }

  @Test
  void noGetPrefix() {
    holds(methods().should().haveNameNotMatching("get[A-Z].*"));
  }

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
