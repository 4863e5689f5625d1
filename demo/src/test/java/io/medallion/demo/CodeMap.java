package io.medallion.demo;

import io.medallion.jobs.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The page that leads a reader to the code: written from the packages' own descriptions. */
final class CodeMap {
  static final String PAGE = "docs/explanation/code-map.md";

  /** From the page to the root of the repository. */
  private static final String UP = "../../";

  /** Folders of the modules, the lowest first, and what each is. */
  static final Map<String, String> MODULES = modules();

  /** What a newcomer looks for, and the classes to begin with. */
  static final Map<String, List<String>> PLACES = places();

  private final List<PackageDescription> packages;
  private final Map<String, SortedSet<String>> uses;
  private final Set<String> names;

  private CodeMap(List<PackageDescription> packages, Map<String, SortedSet<String>> uses) {
    this.packages = packages;
    this.uses = uses;
    this.names = packages.stream().map(PackageDescription::name).collect(Collectors.toSet());
  }

  /**
   * Reads the packages' descriptions.
   *
   * @param byteCode by package, the others that its byte code names
   */
  static CodeMap of(Map<String, SortedSet<String>> byteCode) throws IOException {
    List<PackageDescription> packages = PackageDescription.all(List.copyOf(MODULES.keySet()));
    Map<String, SortedSet<String>> uses = new TreeMap<>();
    for (PackageDescription described : packages) {
      SortedSet<String> used =
          new TreeSet<>(byteCode.getOrDefault(described.name(), new TreeSet<>()));
      used.addAll(described.imported());
      uses.put(described.name(), used);
    }
    return new CodeMap(packages, uses);
  }

  private static Map<String, String> modules() {
    Map<String, String> modules = new LinkedHashMap<>();
    modules.put(
        "core", "contracts, layout of the lake, manifest, ledger, S3: what every layer shares");
    modules.put("bronze", "lands files and topics unchanged");
    modules.put("silver", "parses, validates, de-duplicates and merges records");
    modules.put("gold", "builds stars: dimensions, facts, checks");
    modules.put("warehouse", "loads finished stars into DuckDB and Snowflake");
    modules.put(
        "jobs", "the commands, as main classes, and what runs behind them; the application jar");
    modules.put("demo/orders", "generates order files and events, and what must become of them");
    modules.put("testkit", "servers for tests and demo: Kafka, S3, a stand-in for Snowflake");
    modules.put(
        "demo", "the commands `generate`, `produce` and `demo`; not in the application jar");
    return modules;
  }

  private static Map<String, List<String>> places() {
    Map<String, List<String>> places = new LinkedHashMap<>();
    places.put("landing a file", List.of("bronze.FileLander"));
    places.put("landing a batch of a topic", List.of("bronze.topic.TopicBatchLander"));
    places.put("reading a contract", List.of("core.contract.ContractReader"));
    places.put("reading a CSV record", List.of("core.csv.CsvRecords", "silver.parse.RecordParser"));
    places.put("reading an event", List.of("silver.parse.EventParser"));
    places.put("turning text into a typed value", List.of("silver.parse.Conformer"));
    places.put("applying a contract's rules", List.of("silver.Rules"));
    places.put("de-duplication", List.of("silver.DedupResolver"));
    places.put("quarantine and its replay", List.of("silver.QuarantineTable", "silver.Replay"));
    places.put(
        "accounting for every record", List.of("core.ledger.FileAccount", "core.ledger.Ledger"));
    places.put("reading a star's definition", List.of("gold.star.StarReader"));
    places.put("versions of a dimension", List.of("gold.dimension.Versions"));
    places.put("surrogate keys", List.of("gold.dimension.SurrogateKey"));
    places.put("re-pointing of facts", List.of("gold.fact.FactReferences", "gold.fact.FactTable"));
    places.put("a check of a star", List.of("gold.check.Checks"));
    places.put("a load into any warehouse", List.of("warehouse.WarehouseLoad"));
    places.put("a DuckDB load", List.of("warehouse.duckdb.DuckDbWarehouse"));
    places.put("a Snowflake load", List.of("warehouse.snowflake.SnowflakeWarehouse"));
    places.put("commits to Delta tables on S3", List.of("core.s3.ConditionalPutLogStore"));
    places.put("one writer at a time", List.of("jobs.lakehouse.WriterLock"));
    places.put(
        "a run of all layers on files", List.of("jobs.RunJob", "jobs.pipeline.FilePipeline"));
    places.put(
        "a stream through all layers", List.of("jobs.StreamJob", "jobs.streaming.StreamPipeline"));
    places.put("a command's options", List.of("jobs.cli.CommandSpec", "jobs.config.OptionSpec"));
    places.put("an exit code", List.of("jobs.cli.ExitCode", "jobs.cli.Job"));
    places.put("a setting", List.of("jobs.config.Settings"));
    places.put("a check of `doctor`", List.of("jobs.doctor.HealthChecks"));
    places.put("a metric", List.of("jobs.streaming.StreamMetrics"));
    places.put("merging of small files", List.of("jobs.maintenance.Compactor"));
    places.put(
        "`reconcile` and `trace`", List.of("jobs.inspect.Reconciliation", "jobs.inspect.Trace"));
    places.put(
        "generated orders", List.of("demo.orders.OrderGenerator", "demo.events.OrderEvents"));
    places.put("the stand-in for Snowflake", List.of("testkit.snowflake.SnowflakeStandIn"));
    return places;
  }

  List<PackageDescription> packages() {
    return packages;
  }

  SortedSet<String> uses(PackageDescription described) {
    return uses.getOrDefault(described.name(), new TreeSet<>());
  }

  boolean isPackage(String name) {
    return names.contains(name);
  }

  String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Code map

            <!-- Written by CodeMapTest with -Dmedallion.docs.write=true: change a package-info.java or CodeMap.java, not this page. -->

            ## Where is …

            | what | begin with |
            |---|---|
            """);
    PLACES.forEach(
        (what, classes) ->
            page.append(
                "| %s | %s |\n"
                    .formatted(
                        what,
                        classes.stream().map(this::classLink).collect(Collectors.joining(", ")))));
    page.append(
        """

        ## Modules

        An arrow leads from a module to one that it uses; arrows that follow from others are left out. Tests enforce them
        (`ArchitectureTest`, `CodeMapTest`).

        ```mermaid
        flowchart RL
        """);
    moduleArrows().forEach((from, to) -> to.forEach(t -> page.append(arrow(from, t))));
    page.append("```\n\n| module | what it is |\n|---|---|\n");
    MODULES.forEach(
        (module, what) ->
            page.append("| [`%s`](%s%s) | %s |\n".formatted(module, UP, module, what)));
    page.append(
        """

        Besides these, [`bench`](../../bench/README.md) has the benchmarks, and `testkit/kafka` and `testkit/s3proxy` are modules without
        code that collect the libraries of the two servers. Why it is laid out so: [ADR 41](../adr/0041-modules-and-packages.md).

        ## Packages

        All below `io.medallion`. The last column lists the other packages of Medallion that the package uses.
        """);
    for (String module : MODULES.keySet()) {
      page.append(
          "\n### %s\n\n| package | what it does | uses |\n|---|---|---|\n".formatted(module));
      packages.stream().filter(p -> p.module().equals(module)).forEach(p -> page.append(row(p)));
    }
    return page.toString();
  }

  private String row(PackageDescription described) {
    return "| [`%s`](%s%s) | %s | %s |\n"
        .formatted(
            described.name(),
            UP,
            described.folder(),
            described.summary().replace("|", "\\|"),
            uses(described).stream()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", ")));
  }

  /** The link to a class, whether or not there is one: a test asks for that. */
  private String classLink(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    return "[`%s`](%s%s)".formatted(simple, UP, sourceOf(name));
  }

  /** Path of a class' source from the root; ends in the name alone where there is none. */
  String sourceOf(String name) {
    String path = (PackageDescription.ROOT + name).replace('.', '/') + ".java";
    return MODULES.keySet().stream()
        .map(module -> module + "/src/main/java/" + path)
        .filter(file -> Files.exists(TestLake.REPOSITORY.resolve(file)))
        .findFirst()
        .orElse(path);
  }

  /** Which modules a module uses, without those that it uses through another. */
  private Map<String, SortedSet<String>> moduleArrows() {
    Map<String, String> moduleOf =
        packages.stream()
            .collect(Collectors.toMap(PackageDescription::name, PackageDescription::module));
    Map<String, SortedSet<String>> usesOfModules = new TreeMap<>();
    for (PackageDescription described : packages) {
      SortedSet<String> used =
          usesOfModules.computeIfAbsent(described.module(), module -> new TreeSet<>());
      uses(described).stream()
          .map(moduleOf::get)
          .filter(module -> !module.equals(described.module()))
          .forEach(used::add);
    }
    Map<String, SortedSet<String>> arrows = new LinkedHashMap<>();
    for (String module : MODULES.keySet()) {
      SortedSet<String> direct = new TreeSet<>(usesOfModules.getOrDefault(module, new TreeSet<>()));
      direct.removeIf(
          far ->
              direct.stream()
                  .anyMatch(near -> !near.equals(far) && reaches(usesOfModules, near, far)));
      arrows.put(module, direct);
    }
    return arrows;
  }

  private static boolean reaches(Map<String, SortedSet<String>> uses, String from, String to) {
    return uses.getOrDefault(from, new TreeSet<>()).stream()
        .anyMatch(next -> next.equals(to) || reaches(uses, next, to));
  }

  private static String arrow(String from, String to) {
    return "  %s --> %s\n".formatted(node(from), node(to));
  }

  private static String node(String module) {
    return module.contains("/") ? "%s[\"%s\"]".formatted(module.replace('/', '-'), module) : module;
  }
}
