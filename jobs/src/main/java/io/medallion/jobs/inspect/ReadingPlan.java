package io.medallion.jobs.inspect;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import io.medallion.core.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.analysis.ResolvedTable;
import org.apache.spark.sql.catalyst.expressions.CallMethodViaReflection;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.QueryPlan;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.delta.catalog.DeltaTableV2;
import org.apache.spark.sql.delta.commands.cdc.CDCReader.DeltaCDFRelation;
import org.apache.spark.sql.delta.files.TahoeFileIndex;
import org.apache.spark.sql.execution.command.ExplainCommand;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.collection.JavaConverters;

/**
 * Holds an analysed plan to what a query of the lake may be made of.
 *
 * <p>The list is of what is allowed: a statement that Spark or Delta learns later is refused until
 * someone has looked at it.
 */
final class ReadingPlan {
  private static final Set<String> OPERATORS =
      Set.of(
          "Aggregate",
          "CTERelationDef",
          "CTERelationRef",
          "Deduplicate",
          "Distinct",
          "Except",
          "Expand",
          "Filter",
          "Generate",
          "GlobalLimit",
          "Intersect",
          "Join",
          "LateralJoin",
          "LocalLimit",
          "LocalRelation",
          "Offset",
          "OneRowRelation",
          "Pivot",
          "Project",
          "Range",
          "RebalancePartitions",
          "Repartition",
          "RepartitionByExpression",
          "ResolvedHint",
          "Sample",
          "Sort",
          "SubqueryAlias",
          "Tail",
          "Union",
          "Unpivot",
          "Window",
          "WithCTE");

  private static final Set<String> COMMANDS =
      Set.of(
          "DescribeColumn",
          "DescribeColumnCommand",
          "DescribeDeltaDetailCommand",
          "DescribeDeltaHistory",
          "DescribeDeltaHistoryCommand",
          "DescribeFunction",
          "DescribeFunctionCommand",
          "DescribeQueryCommand",
          "DescribeRelation",
          "DescribeTableCommand",
          "ExplainCommand",
          "ShowColumns",
          "ShowColumnsCommand",
          "ShowCreateTable",
          "ShowDeltaTableColumnsCommand",
          "ShowFunctions",
          "ShowFunctionsCommand",
          "ShowNamespaces",
          "ShowTableProperties",
          "ShowTablePropertiesCommand",
          "ShowTables",
          "ShowTablesCommand",
          "ResolvedNamespace",
          "ResolvedIdentifier",
          "ResolvedNonPersistentFunc",
          "ResolvedPersistentFunc");

  private final Path root;
  private final boolean files;
  private final List<Mistake> mistakes = new ArrayList<>();

  /**
   * @param files whether other files than the lake's tables may be read
   */
  ReadingPlan(Lake lake, Configuration hadoop, boolean files) {
    try {
      Path path = new Path(lake.root());
      this.root = path.getFileSystem(hadoop).makeQualified(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.files = files;
  }

  /**
   * @throws ConfigurationException naming each part of the plan that is not allowed
   */
  void check(LogicalPlan analyzed) {
    visit(analyzed);
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException(mistakes.stream().distinct().toList());
    }
  }

  private void visit(LogicalPlan plan) {
    if (plan instanceof LogicalRelation relation) {
      checkPlace(place(relation), relation.simpleString(3));
    } else if (plan instanceof DataSourceV2Relation relation) {
      checkPlace(place(relation.table()), relation.table().name());
    } else if (plan instanceof ResolvedTable table) {
      checkPlace(place(table.table()), table.table().name());
    } else if (!OPERATORS.contains(name(plan)) && !COMMANDS.contains(name(plan))) {
      refuse(
          "it is not a query: " + name(plan) + " is none of the steps that a query may have",
          "only SELECT, WITH, VALUES, SHOW, DESCRIBE and EXPLAIN are run; the lake's tables are"
              + " written by bronze, silver and gold alone");
    }
    if (plan instanceof ExplainCommand explain) {
      visitExplained(explain.logicalPlan());
    }
    for (Expression expression : JavaConverters.seqAsJavaList(plan.expressions())) {
      visit(expression);
    }
    JavaConverters.seqAsJavaList(((QueryPlan<LogicalPlan>) plan).subqueries()).forEach(this::visit);
    JavaConverters.seqAsJavaList(plan.children()).forEach(this::visit);
    for (TreeNode<?> inner : JavaConverters.seqAsJavaList(plan.innerChildren())) {
      if (inner instanceof LogicalPlan innerPlan && !(plan instanceof ExplainCommand)) {
        visit(innerPlan);
      }
    }
  }

  /** What is explained is not run, but analysed, for which files would be opened. */
  private void visitExplained(LogicalPlan parsed) {
    if (parsed instanceof Command || parsed instanceof ParsedStatement) {
      refuse("it explains " + name(parsed) + ", which is no query", "explain a SELECT");
    }
    JavaConverters.seqAsJavaList(parsed.children()).forEach(this::visitExplained);
  }

  private void visit(Expression expression) {
    if (expression instanceof CallMethodViaReflection) {
      refuse(
          "it calls a method of Java by " + expression.prettyName(),
          "use the functions of Spark SQL");
    }
    JavaConverters.seqAsJavaList(expression.children()).forEach(this::visit);
  }

  private static String name(LogicalPlan plan) {
    return plan.getClass().getSimpleName().replace("$", "");
  }

  private static Path place(LogicalRelation relation) {
    if (relation.relation() instanceof HadoopFsRelation read
        && read.location() instanceof TahoeFileIndex index) {
      return index.path();
    }
    return relation.relation() instanceof DeltaCDFRelation changes
        ? changes.snapshotWithSchemaMode().snapshot().path().getParent()
        : null;
  }

  private static Path place(Table table) {
    return table instanceof DeltaTableV2 delta ? delta.path() : null;
  }

  private void checkPlace(Path place, String name) {
    if (files || (place != null && place.toString().startsWith(root + "/"))) {
      return;
    }
    refuse(
        "it reads " + (place == null ? name : place.toString()) + ", which is no table of the lake",
        "name a table such as gold.fact_sales; --files lets a query read files of others");
  }

  private void refuse(String problem, String fix) {
    mistakes.add(new Mistake("QUERY", problem, fix));
  }
}
