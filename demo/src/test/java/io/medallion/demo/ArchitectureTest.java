package io.medallion.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.delta.kernel.engine.Engine;
import io.medallion.jobs.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Which module and package may use which: the rules that docs/explanation/code-map.md draws. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.medallion");

  /** What a module may not use, and why the build would not tell: it sees every module it needs. */
  private static final Map<String, List<String>> FORBIDDEN =
      Map.of(
          "core", List.of("bronze", "silver", "gold", "warehouse", "jobs", "demo", "testkit"),
          "bronze", List.of("silver", "gold", "warehouse", "jobs", "demo", "testkit"),
          "silver", List.of("bronze", "gold", "warehouse", "jobs", "demo", "testkit"),
          "gold", List.of("bronze", "silver", "warehouse", "jobs", "demo", "testkit"),
          "warehouse", List.of("bronze", "silver", "jobs", "demo", "testkit"),
          "jobs", List.of("demo", "testkit"),
          "testkit", List.of("core", "bronze", "silver", "gold", "warehouse", "jobs", "demo"));

  /** A package of more files is two rooms in one. */
  private static final int MOST_FILES = 26;

  private static final int MOST_LINES = 400;

  private static void holds(ArchRule rule) {
    rule.check(CLASSES);
  }

  private static String[] packages(List<String> modules) {
    return modules.stream().map(module -> "io.medallion." + module + "..").toArray(String[]::new);
  }

  @Test
  void modulesUseOnlyWhatIsBelowThem() {
    FORBIDDEN.forEach(
        (module, others) ->
            holds(
                noClasses()
                    .that()
                    .resideInAPackage("io.medallion." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages(others))));
  }

  @Test
  void warehouseKnowsStarsAndNotTheirBuilders() {
    DescribedPredicate<JavaClass> isOfGold =
        DescribedPredicate.describe(
            "are gold's, but for stars and summaries",
            type ->
                type.getPackageName().startsWith("io.medallion.gold")
                    && !type.getPackageName().equals("io.medallion.gold.star")
                    && !type.getName().matches(".*Summary(\\$.*)?"));
    holds(
        noClasses()
            .that()
            .resideInAPackage("io.medallion.warehouse..")
            .should()
            .dependOnClassesThat(isOfGold));
  }

  @Test
  void packagesHaveNoCycles() {
    holds(slices().matching("io.medallion.(**)").should().beFreeOfCycles());
  }

  @Test
  void nothingUsesAMainClass() {
    DescribedPredicate<JavaClass> isMainClass =
        DescribedPredicate.describe(
            "are main classes of jobs",
            type ->
                type.getPackageName().equals("io.medallion.jobs")
                    && type.getSimpleName().endsWith("Job"));
    holds(noClasses().should().dependOnClassesThat(isMainClass).as("a main class is used by none"));
    holds(
        classes()
            .that()
            .resideInAPackage("io.medallion.jobs")
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveSimpleNameEndingWith("Job"));
  }

  @Test
  void onlyJobsMakeTheSession() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(packages(List.of("core", "bronze", "silver", "gold", "warehouse")))
            .should()
            .callMethod(SparkSession.class, "builder")
            .orShould()
            .callMethod(Clock.class, "systemUTC"));
  }

  @Test
  void namesSayWhatThingsAre() {
    for (String word : List.of("Util", "Utils", "Helper", "Manager", "Common")) {
      holds(classes().should().haveSimpleNameNotEndingWith(word));
    }
  }

  @Test
  void noGetPrefix() {
    holds(
        methods()
            .that()
            .areDeclaredInClassesThat(
                // Whose methods the interface of a library names.
                DescribedPredicate.not(JavaClass.Predicates.assignableTo(Engine.class)))
            .should()
            .haveNameNotMatching("get[A-Z].*"));
  }

  @Test
  void packagesAndFilesStaySmall() throws IOException {
    Map<Path, Integer> filesOfPackages = new TreeMap<>();
    List<String> longFiles = new ArrayList<>();
    for (Path source : sources()) {
      filesOfPackages.merge(source.getParent(), 1, Integer::sum);
      long lines;
      try (Stream<String> all = Files.lines(source)) {
        lines = all.count();
      }
      if (lines > MOST_LINES) {
        longFiles.add(TestLake.REPOSITORY.relativize(source) + ": " + lines + " lines");
      }
    }
    assertThat(longFiles).isEmpty();
    assertThat(filesOfPackages).isNotEmpty();
    filesOfPackages.forEach(
        (folder, files) ->
            assertThat(files)
                .as(TestLake.REPOSITORY.relativize(folder) + " holds too many files")
                .isLessThanOrEqualTo(MOST_FILES));
  }

  @Test
  void everyPackageSaysWhatItDoes() throws IOException {
    assertThat(
            sources().stream()
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                .map(folder -> TestLake.REPOSITORY.relativize(folder).toString()))
        .isEmpty();
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module :
        List.of(
            "core",
            "bronze",
            "silver",
            "gold",
            "warehouse",
            "jobs",
            "demo",
            "demo/orders",
            "testkit")) {
      try (Stream<Path> all = Files.walk(TestLake.REPOSITORY.resolve(module + "/src/main/java"))) {
        all.filter(path -> path.toString().endsWith(".java"))
            .filter(path -> !path.endsWith("package-info.java"))
            .forEach(sources::add);
      }
    }
    return sources;
  }
}
