package io.medallion.gold.dimension;

import io.medallion.gold.star.Star.ScdType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The versions of one member as a pure function of its observations: see {@link Versions}. */
final class MemberVersions {
  static final int OPEN_END = (int) Versions.OPEN_END.toEpochDay();
  static final int MIN_DATE = (int) Observations.MIN_DATE.toEpochDay();

  private MemberVersions() {}

  /**
   * A version.
   *
   * @param values tracked and untracked columns
   * @param from its first day; {@link #MIN_DATE} at type 1
   * @param until the first day after it, {@link #OPEN_END} where nothing ended it
   */
  record Version(List<Object> values, int from, int until) {}

  /**
   * Its versions by day.
   *
   * @param observations all of the member's, in any order
   * @param tracked how many of the values are tracked
   */
  static List<Version> of(
      List<Observation> observations, Comparator<Observation> inOrder, ScdType type, int tracked) {
    List<Observation> days = lastOfEachDay(observations, inOrder);
    if (days.isEmpty()) {
      return List.of();
    }
    if (type == ScdType.TYPE_1) {
      return days.get(days.size() - 1)
          .state()
          .map(state -> List.of(new Version(state.values(), MIN_DATE, OPEN_END)))
          .orElse(List.of());
    }
    List<Object> untracked =
        days.stream()
            .flatMap(day -> day.state().stream())
            .reduce((earlier, later) -> later)
            .map(state -> state.values().subList(tracked, state.values().size()))
            .orElse(List.of());
    List<Version> versions = new ArrayList<>();
    Optional<Observation> running = Optional.empty();
    for (Observation day : days) {
      if (!Objects.equals(
          trackedState(day), running.map(MemberVersions::trackedState).orElse(null))) {
        running.flatMap(since -> version(since, day.day(), untracked)).ifPresent(versions::add);
        running = Optional.of(day);
      }
    }
    running.flatMap(since -> version(since, OPEN_END, untracked)).ifPresent(versions::add);
    return versions;
  }

  private static List<Observation> lastOfEachDay(
      List<Observation> observations, Comparator<Observation> inOrder) {
    List<Observation> sorted = new ArrayList<>(observations);
    sorted.sort(inOrder);
    List<Observation> days = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      if (i + 1 == sorted.size() || sorted.get(i + 1).day() != sorted.get(i).day()) {
        days.add(sorted.get(i));
      }
    }
    return days;
  }

  /** The tracked columns, null where the observation ends the member. */
  private static List<Object> trackedState(Observation observation) {
    return observation.state().map(Observation.State::tracked).orElse(null);
  }

  private static Optional<Version> version(Observation since, int until, List<Object> untracked) {
    return since
        .state()
        .map(
            state -> {
              List<Object> values =
                  new ArrayList<>(
                      state.values().subList(0, state.values().size() - untracked.size()));
              values.addAll(untracked);
              return new Version(values, since.day(), until);
            });
  }
}
