package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.medallion.core.rows.KeyHash;
import io.medallion.core.rows.RowImage;
import io.medallion.gold.star.Star.Dimension;
import io.medallion.gold.star.Star.ScdType;
import io.medallion.gold.table.HeldRow;
import io.medallion.gold.table.RowDifference;
import io.medallion.gold.table.SourceImages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
  private final VersionLookup lookup = new VersionLookup();
  private final Set<Long> surrogatesHeld = new HashSet<>();
  private RowDifference difference;
  private boolean fromNothing;

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
    held.forEach(
        (member, versions) ->
            lookup.hold(
                member,
                versions.stream()
                    .map(HeldRow::row)
                    .map(r -> new VersionLookup.Span(columns.from(r), columns.surrogate(r)))
                    .sorted(Comparator.comparingInt(VersionLookup.Span::from))
                    .toList()));
  }

  /**
   * The members whose versions the changes may alter.
   *
   * @param histories what else must be read of them; of a member that is not here the changes are
   *     all that there is
   */
  public record Affected(Set<List<Object>> members, Map<List<Object>, MemberHistory> histories) {}

  /** Finds them: see {@link SilverChanges#affectedKeys}. */
  public Affected affected() {
    Map<List<Object>, Map<Observation, Integer>> changed = new HashMap<>();
    net.forEach(
        (observation, count) -> {
          if (count != 0 && !(count > 0 && covered(observation))) {
            changed
                .computeIfAbsent(observation.member(), m -> new LinkedHashMap<>())
                .put(observation, count);
          }
        });
    Map<List<Object>, MemberHistory> histories = new HashMap<>();
    changed.forEach(
        (member, observations) -> {
          // Where nothing ends a member, one without a version had no row in the source before.
          if (!fromNothing && (held.containsKey(member) || dimension.deleteWhen().isPresent())) {
            histories.put(member, history(member, observations));
          }
        });
    return new Affected(Set.copyOf(changed.keySet()), histories);
  }

  private MemberHistory history(List<Object> member, Map<Observation, Integer> changed) {
    if (dimension.scdType() == ScdType.TYPE_2) {
      List<MemberHistory.Segment> versions =
          held.getOrDefault(member, List.of()).stream()
              .map(HeldRow::row)
              .map(row -> new MemberHistory.Segment(days(row), Optional.of(columns.state(row))))
              .sorted(Comparator.comparingInt(version -> version.days().from()))
              .toList();
      return MemberHistory.of(versions, changed);
    }
    // The last observation decides: one of a changed day or later, unless it went.
    return changed.values().stream().anyMatch(count -> count < 0)
        ? MemberHistory.ALL
        : new MemberHistory(
            List.of(),
            List.of(
                new Days(
                    changed.keySet().stream().mapToInt(Observation::day).min().orElseThrow(),
                    Days.ALL.until())));
  }

  private Days days(InternalRow version) {
    int until = columns.until(version);
    return new Days(
        columns.from(version), until == MemberVersions.OPEN_END ? Days.ALL.until() : until);
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

  /** Which rows of the source {@link #update} must be given; absent where it needs none. */
  public Optional<Column> historyRows(Affected affected) {
    Map<List<Object>, List<Days>> toRead = new HashMap<>();
    affected.histories().forEach((member, history) -> toRead.put(member, history.toRead()));
    return namesOn(dimension.effectiveFrom(), toRead);
  }

  private Optional<Column> namesOn(String day, Map<List<Object>, List<Days>> daysByMember) {
    DaysOfMembers members = new DaysOfMembers();
    daysByMember.forEach((member, days) -> members.add(mentioned.get(member), days));
    return members.condition(dimension, day);
  }

  /**
   * Computes the versions of the affected members anew, and how they differ from the table.
   *
   * @param history the rows of the source of {@link #historyRows}, as they are now; others are
   *     passed over
   */
  public void update(Affected affected, Collection<InternalRow> history) {
    Map<List<Object>, List<Observation>> observed = new HashMap<>();
    affected.histories().values().stream()
        .flatMap(member -> member.known().stream())
        .forEach(observation -> add(observed, observation));
    for (InternalRow row : history) {
      observer
          .observe(row)
          .filter(observation -> isToRead(affected, observation))
          .ifPresent(observation -> add(observed, observation));
    }
    net.forEach(
        (observation, count) -> {
          List<Object> member = observation.member();
          if (count > 0
              && affected.members().contains(member)
              && !affected.histories().containsKey(member)) {
            add(observed, observation);
          }
        });
    difference = new RowDifference(schema);
    if (fromNothing) {
      difference.add(Optional.empty(), Optional.of(table.unknownMember()));
    }
    for (List<Object> member : affected.members()) {
      update(member, observed.getOrDefault(member, List.of()));
    }
  }

  private static boolean isToRead(Affected affected, Observation observation) {
    MemberHistory history = affected.histories().get(observation.member());
    return history != null && Days.anyHas(history.toRead(), observation.day());
  }

  private static void add(Map<List<Object>, List<Observation>> observed, Observation observation) {
    observed.computeIfAbsent(observation.member(), m -> new ArrayList<>()).add(observation);
  }

  private void update(List<Object> member, List<Observation> observations) {
    Map<Long, HeldRow> stored = new HashMap<>();
    held.getOrDefault(member, List.of())
        .forEach(row -> stored.put(columns.surrogate(row.row()), row));
    List<VersionLookup.Span> after = new ArrayList<>();
    for (MemberVersions.Version version :
        MemberVersions.of(
            observations, observer.inOrder(), dimension.scdType(), dimension.tracked().size())) {
      InternalRow wanted = columns.row(member, version);
      long surrogate = columns.surrogate(wanted);
      after.add(new VersionLookup.Span(version.from(), surrogate));
      difference.add(Optional.ofNullable(stored.remove(surrogate)), Optional.of(wanted));
    }
    stored.values().forEach(row -> difference.add(Optional.of(row), Optional.empty()));
    boolean hasFacts = lookup.isHeld(member) || !fromNothing && dimension.deleteWhen().isPresent();
    lookup.replace(member, after, hasFacts);
  }

  /** What has to change in the table; nothing before {@link #update}. */
  public RowDifference difference() {
    return difference;
  }

  /** Whether another version may apply to facts. */
  public boolean repoints() {
    return !lookup.movedMembers().isEmpty();
  }

  /** Whether another version applies to a fact of a member on a day. */
  public boolean repoints(List<Object> member, int day) {
    return lookup.moves(member, day);
  }

  /** The members to whose facts another version applies. */
  public Set<List<Object>> membersToRepoint() {
    return lookup.movedMembers();
  }

  /**
   * Which rows of the source are of facts to which another version applies, and were not needed for
   * {@link #update}; absent where there are none.
   *
   * @param asOf the days of which facts refer to this dimension
   */
  public Optional<Column> furtherRows(Affected affected, Set<String> asOf) {
    Map<List<Object>, List<Days>> notRead = new HashMap<>();
    lookup
        .moved()
        .forEach(
            (member, moved) -> {
              MemberHistory history = affected.histories().get(member);
              if (history == null || !Days.allLieIn(moved, history.toRead())) {
                notRead.put(member, moved);
              }
            });
    return asOf.stream()
        .flatMap(
            day ->
                namesOn(day, day.equals(dimension.effectiveFrom()) ? notRead : lookup.moved())
                    .stream())
        .reduce(Column::or);
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
    return lookup.version(member, day);
  }

  /** Surrogate keys that the table loses. */
  public Set<Long> surrogatesGone() {
    Set<Long> gone = surrogatesOf(false);
    gone.removeAll(surrogates());
    return gone;
  }

  /** Surrogate keys of the rows that come, or of those that go. */
  private Set<Long> surrogatesOf(boolean came) {
    return difference.images().stream()
        .filter(image -> image.came() == came)
        .map(image -> columns.surrogate(image.row()))
        .collect(Collectors.toCollection(HashSet::new));
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
    Set<Long> given = surrogatesOf(true);
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
    surrogates.removeAll(surrogatesOf(false));
    surrogates.addAll(surrogatesOf(true));
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
