package io.medallion.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.medallion.jobs.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the packages say of themselves is there, is true, and is what the code map shows. */
class CodeMapTest {
  private static final String REFRESH = "medallion.docs.write";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.medallion");

  private final CodeMap map;

  CodeMapTest() throws IOException {
    map = CodeMap.of(usesOfTheByteCode());
  }

  @Test
  void everyPackageSaysWhatItDoesAndWhatItUses() {
    assertThat(map.packages().stream().filter(p -> !p.isComplete()).map(p -> p.folder()))
        .as("packages whose package-info.java lacks a first sentence or a paragraph 'Uses: …'")
        .isEmpty();
  }

  @Test
  void packagesUseWhatTheySayAndNothingElse() {
    List<String> wrong = new ArrayList<>();
    for (PackageDescription described : map.packages()) {
      SortedSet<String> said = described.used(map::isPackage);
      SortedSet<String> does = map.uses(described);
      List<String> unknown = described.unknown(map::isPackage);
      if (!said.equals(does) || !unknown.isEmpty()) {
        wrong.add(
            "%s: unlisted %s, unused %s, unknown %s. Right is\n  <p>Uses: %s."
                .formatted(
                    described.folder(),
                    without(does, said),
                    without(said, does),
                    unknown,
                    does.isEmpty() ? "nothing of the project" : String.join(", ", does)));
      }
    }
    assertThat(String.join("\n", wrong))
        .as("what package-info.java says behind 'Uses: '")
        .isEmpty();
  }

  private static SortedSet<String> without(SortedSet<String> names, SortedSet<String> others) {
    SortedSet<String> rest = new TreeSet<>(names);
    rest.removeAll(others);
    return rest;
  }

  @Test
  void everyClassOfTheMapExists() {
    Set<String> names = new HashSet<>();
    CLASSES.forEach(type -> names.add(type.getName()));
    for (List<String> classes : CodeMap.PLACES.values()) {
      assertThat(classes)
          .allSatisfy(name -> assertThat(names).contains(PackageDescription.ROOT + name))
          .allSatisfy(
              name -> assertThat(TestLake.REPOSITORY.resolve(map.sourceOf(name))).isRegularFile());
    }
  }

  @Test
  void everyModuleWithCodeIsOnTheMap() throws IOException {
    List<String> modules = new ArrayList<>();
    for (String line : Files.readAllLines(TestLake.REPOSITORY.resolve("pom.xml"))) {
      if (line.strip().startsWith("<module>")) {
        modules.add(line.strip().replaceAll("</?module>", ""));
      }
    }
    // Nothing is built upon the benchmarks, and they are not on the tests' class path.
    modules.remove("bench");
    modules.removeIf(m -> !Files.exists(TestLake.REPOSITORY.resolve(m + "/src/main/java")));
    assertThat(CodeMap.MODULES.keySet()).containsExactlyInAnyOrderElementsOf(modules);
  }

  @Test
  void pageIsWhatTheCodeSays() throws IOException {
    Path page = TestLake.REPOSITORY.resolve(CodeMap.PAGE);
    if (Boolean.getBoolean(REFRESH)) {
      Files.writeString(page, map.page());
    }
    assertThat(page)
        .as("%s is stale: run CodeMapTest with -D%s=true", page, REFRESH)
        .hasContent(map.page());
  }

  /** By package, the other packages of the project whose classes its own name. */
  private static Map<String, SortedSet<String>> usesOfTheByteCode() {
    Map<String, SortedSet<String>> used = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      String from = nameOf(type);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(PackageDescription.ROOT)
            && !nameOf(target).equals(from)) {
          used.computeIfAbsent(from, name -> new TreeSet<>()).add(nameOf(target));
        }
      }
    }
    return used;
  }

  private static String nameOf(JavaClass type) {
    return type.getPackageName().replaceFirst("^io\\.medallion\\.", "");
  }
}
