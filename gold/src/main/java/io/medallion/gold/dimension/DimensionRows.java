package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.medallion.core.rows.KeyHash;
import io.medallion.core.rows.RowImage;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.table.HeldRow;
import io.medallion.gold.table.RowDifference;
import io.medallion.gold.table.SourceImages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The members of a dimension that an update concerns, in the driver's memory: finds out which of
 * them a change of the source affects, and what has to change in the table.
 *
 * <p>It does what {@link DimensionTable#update} does for tables of any size. In this order: {@link
 * #observe}, {@link #heldQuery} and {@link #hold}, {@link #affected}, {@link #update}; after that
 * {@link #version} finds the version that a fact refers to.
 */
public final class DimensionRows {
  private final DimensionTable table;
  private final Dimension dimension;
  private final StructType schema;
  private final Observer observer;
  private final DimensionColumns columns;
  private final Map<List<Object>, Long> mentioned = new HashMap<>();
  private final Map<Observation, Integer> net = new LinkedHashMap<>();
  private final Map<List<Object>, List<HeldRow>> held = new HashMap<>();
  private final Map<List<Object>, List<Span>> spans = new HashMap<>();
  private final Set<Long> surrogatesHeld = new HashSet<>();
  private RowDifference difference;
  private boolean fromNothing;
  private Map<List<Object>, Optional<Integer>> toRepoint = Map.of();

  /** A version as facts look it up: its first day and its key. */
  private record Span(int from, long surrogate) {}

  public DimensionRows(
      SparkSession spark, DimensionTable table, StructType source, List<String> sourceKey) {
    this.table = table;
    this.dimension = table.dimension();
    this.schema = table.table().schema();
    this.observer = new Observer(spark, source, dimension, sourceKey);
    this.columns = new DimensionColumns(spark, dimension, schema);
    this.difference = new RowDifference(schema);
  }

  private List<String> businessKey() {
    return Observations.names(dimension.businessKey());
  }

  public DimensionTable table() {
    return table;
  }

  DimensionColumns columns() {
    return columns;
  }

  /** Declares that the table has no rows, and that the changes are all rows of the source. */
  public void startFromNothing() {
    this.fromNothing = true;
  }

  /** Takes in what changed in the source. */
  public void observe(SourceImages changes) {
    for (RowImage image : changes.images()) {
      observer
          .observe(image.row())
          .ifPresent(
              observation -> {
                mentioned.put(observation.member(), observation.hash());
                net.merge(observation, image.count(), Integer::sum);
              });
    }
  }

  /** The rows of the members that the changes name, and the unknown member. */
  public Dataset<Row> heldQuery() {
    Column hash = KeyHash.of(businessKey().stream().map(name -> col("`" + name + "`")).toList());
    Column unknown = col("`" + dimension.surrogateKey() + "`").equalTo(lit(SurrogateKey.UNKNOWN));
    return HeldRow.query(
        table.table(), schema, KeyHash.isAmong(hash, mentioned.values()).or(unknown));
  }

  /** Takes the rows of {@link #heldQuery}. */
  public void hold(Collection<InternalRow> rows) {
    for (InternalRow row : rows) {
      long surrogate = columns.surrogate(row);
      surrogatesHeld.add(surrogate);
      List<Object> member = columns.member(row);
      if (surrogate != SurrogateKey.UNKNOWN && mentioned.containsKey(member)) {
        held.computeIfAbsent(member, m -> new ArrayList<>()).add(HeldRow.of(row, schema));
      }
    }
    held.forEach((member, versions) -> spans.put(member, heldSpans(versions)));
  }

  private List<Span> heldSpans(List<HeldRow> versions) {
    return versions.stream()
        .map(version -> new Span(columns.from(version.row()), columns.surrogate(version.row())))
        .sorted((a, b) -> Integer.compare(a.from(), b.from()))
        .toList();
  }

  /**
   * The members whose versions the changes may alter.
   *
   * @param needHistory those among them of which more rows of the source must be known than the
   *     changes bring
   */
  public record Affected(Set<List<Object>> members, Set<List<Object>> needHistory) {}

  /** Finds them: see {@link SilverChanges#affectedKeys}. */
  public Affected affected() {
    Set<List<Object>> members = new HashSet<>();
    net.forEach(
        (observation, count) -> {
          if (count != 0 && !(count > 0 && covered(observation))) {
            members.add(observation.member());
          }
        });
    if (fromNothing) {
      return new Affected(members, Set.of());
    }
    // Where nothing ends a member, one without a version had no row in the source before.
    Set<List<Object>> old = new HashSet<>(members);
    if (dimension.deleteWhen().isEmpty()) {
      old.removeIf(member -> !held.containsKey(member));
    }
    return new Affected(members, old);
  }

  private boolean covered(Observation observation) {
    return observation.state().isPresent()
        && held.getOrDefault(observation.member(), List.of()).stream()
            .anyMatch(version -> shows(version.row(), observation));
  }

  private boolean shows(InternalRow version, Observation observation) {
    List<Object> shown = new ArrayList<>(observation.state().orElseThrow().tracked());
    shown.addAll(observation.state().orElseThrow().untracked());
    return columns.covers(version, observation.day()) && shown.equals(columns.values(version));
  }

  /** Whether a row of the source names one of the members. */
  public Column names(Set<List<Object>> members) {
    List<Long> hashes = members.stream().map(mentioned::get).toList();
    return KeyHash.isAmong(KeyHash.of(Observer.key(dimension)), hashes);
  }

  /**
   * Computes the versions of the affected members anew, and how they differ from the table.
   *
   * @param history all rows of the source that name a member of {@link Affected#needHistory}, as
   *     they are now; rows of other members are passed over
   */
  public void update(Affected affected, Collection<InternalRow> history) {
    Map<List<Object>, List<Observation>> observed = new HashMap<>();
    for (InternalRow row : history) {
      observer
          .observe(row)
          .filter(observation -> affected.needHistory().contains(observation.member()))
          .ifPresent(observation -> add(observed, observation));
    }
    net.forEach(
        (observation, count) -> {
          List<Object> member = observation.member();
          if (count > 0
              && affected.members().contains(member)
              && !affected.needHistory().contains(member)) {
            add(observed, observation);
          }
        });
    difference = new RowDifference(schema);
    toRepoint = new HashMap<>();
    if (fromNothing) {
      difference.add(Optional.empty(), Optional.of(table.unknownMember()));
    }
    for (List<Object> member : affected.members()) {
      update(member, observed.getOrDefault(member, List.of()));
    }
  }

  private static void add(Map<List<Object>, List<Observation>> observed, Observation observation) {
    observed.computeIfAbsent(observation.member(), m -> new ArrayList<>()).add(observation);
  }

  private void update(List<Object> member, List<Observation> observations) {
    List<Span> before = spans.getOrDefault(member, List.of());
    Map<Long, HeldRow> stored = new HashMap<>();
    held.getOrDefault(member, List.of())
        .forEach(row -> stored.put(columns.surrogate(row.row()), row));
    List<Span> after = new ArrayList<>();
    for (MemberVersions.Version version :
        MemberVersions.of(
            observations, observer.inOrder(), dimension.scdType(), dimension.tracked().size())) {
      InternalRow wanted = columns.row(member, version);
      long surrogate = columns.surrogate(wanted);
      after.add(new Span(version.from(), surrogate));
      difference.add(Optional.ofNullable(stored.remove(surrogate)), Optional.of(wanted));
    }
    stored.values().forEach(row -> difference.add(Optional.of(row), Optional.empty()));
    spans.put(member, List.copyOf(after));
    repoint(member, before, after);
  }

  /**
   * Which version a fact refers to depends on the versions' first days alone. A version that came
   * or went after the first one affects later facts only.
   */
  private void repoint(List<Object> member, List<Span> before, List<Span> after) {
    Set<Span> moved = new HashSet<>(before);
    Set<Span> same = new HashSet<>(after);
    same.retainAll(moved);
    moved.addAll(after);
    moved.removeAll(same);
    boolean isNew = before.isEmpty() && (fromNothing || dimension.deleteWhen().isEmpty());
    if (moved.isEmpty() || isNew) {
      return;
    }
    int since = moved.stream().mapToInt(Span::from).min().orElseThrow();
    boolean afterFirst = !before.isEmpty() && since > before.get(0).from();
    toRepoint.put(member, afterFirst ? Optional.of(since) : Optional.empty());
  }

  /** What has to change in the table; nothing before {@link #update}. */
  public RowDifference difference() {
    return difference;
  }

  /** Whether another version may apply to facts. */
  public boolean repoints() {
    return !toRepoint.isEmpty();
  }

  /** Whether another version may apply to a fact of a member on a day. */
  public boolean repoints(List<Object> member, int day) {
    Optional<Integer> since = toRepoint.get(member);
    return since != null && (since.isEmpty() || day >= since.get());
  }

  /** The members to whose facts another version may apply. */
  public Set<List<Object>> membersToRepoint() {
    return toRepoint.keySet();
  }

  /** The member that a row of the source names; absent where it names none. */
  public Optional<List<Object>> memberOf(InternalRow source) {
    return observer.member(source);
  }

  /**
   * The version of a member that a fact of that day refers to: the one valid then, the last one
   * before where it had ended, the first where it was not seen yet; 0 where there is none.
   */
  public long version(Optional<List<Object>> member, int day) {
    if (member.isEmpty()) {
      return SurrogateKey.UNKNOWN;
    }
    List<Span> versions = spans.getOrDefault(member.get(), List.of());
    long found = versions.isEmpty() ? SurrogateKey.UNKNOWN : versions.get(0).surrogate();
    for (Span version : versions) {
      if (version.from() <= day) {
        found = version.surrogate();
      }
    }
    return found;
  }

  /** Surrogate keys that the table loses. */
  public Set<Long> surrogatesGone() {
    Set<Long> gone = new HashSet<>();
    difference.images().stream()
        .filter(image -> !image.came())
        .forEach(image -> gone.add(columns.surrogate(image.row())));
    gone.removeAll(surrogates());
    return gone;
  }

  /** Whether the update gives no surrogate key to two rows. */
  public boolean givesSurrogatesOnce() {
    Set<Long> given = new HashSet<>();
    return difference.images().stream()
        .filter(RowImage::came)
        .allMatch(image -> given.add(columns.surrogate(image.row())));
  }

  /**
   * Rows of the table that have a surrogate key which the update gives to another row; absent where
   * it gives none.
   */
  public Optional<Dataset<Row>> sameSurrogatesQuery() {
    Set<Long> given = new HashSet<>();
    difference.images().stream()
        .filter(RowImage::came)
        .forEach(image -> given.add(columns.surrogate(image.row())));
    given.removeAll(surrogatesHeld);
    Column surrogate = col("`" + dimension.surrogateKey() + "`");
    return given.isEmpty()
        ? Optional.empty()
        : Optional.of(
            table.table().rowsWithin().where(KeyHash.isAmong(surrogate, given)).select(surrogate));
  }

  /**
   * The surrogate keys of the members that the changes name, as the table will have them, and 0.
   */
  public Set<Long> surrogates() {
    Set<Long> surrogates = new HashSet<>(surrogatesHeld);
    difference
        .images()
        .forEach(
            image -> {
              if (!image.came()) {
                surrogates.remove(columns.surrogate(image.row()));
              }
            });
    difference
        .images()
        .forEach(
            image -> {
              if (image.came()) {
                surrogates.add(columns.surrogate(image.row()));
              }
            });
    return surrogates;
  }

  /** The rows that the table will have of members, by member. */
  public Map<List<Object>, List<InternalRow>> versionsOfChangedMembers() {
    Map<List<Object>, Map<Long, InternalRow>> byMember = new HashMap<>();
    for (RowImage image : difference.images()) {
      byMember.computeIfAbsent(columns.member(image.row()), m -> new LinkedHashMap<>());
    }
    byMember.forEach(
        (member, rows) ->
            held.getOrDefault(member, List.of())
                .forEach(row -> rows.put(columns.surrogate(row.row()), row.row())));
    for (RowImage image : difference.images()) {
      if (!image.came()) {
        byMember.get(columns.member(image.row())).remove(columns.surrogate(image.row()));
      }
    }
    for (RowImage image : difference.images()) {
      if (image.came()) {
        byMember.get(columns.member(image.row())).put(columns.surrogate(image.row()), image.row());
      }
    }
    Map<List<Object>, List<InternalRow>> rows = new HashMap<>();
    byMember.forEach((member, versions) -> rows.put(member, List.copyOf(versions.values())));
    return rows;
  }
}
