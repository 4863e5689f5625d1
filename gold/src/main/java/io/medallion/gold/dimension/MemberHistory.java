package io.medallion.gold.dimension;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;

/**
 * What decides a member's versions after some of its observations came or went: what is known from
 * the versions that it has, and the days of which its observations must be read.
 *
 * <p>A version says of all its days that their last observations showed its state. So a change on a
 * day moves nothing before that day, and nothing after the version that the day lies in, but that
 * neighbours become one where they show the same state. Of a member with a thousand rows, those of
 * the rest of one version are read.
 *
 * @param known observations that stand for days that are not read: one on the first day of each
 *     version, and of each gap after one, which has begun before the first changed day in it
 * @param toRead days of which every observation must be read
 */
record MemberHistory(List<Observation> known, List<Days> toRead) {
  private static final InternalRow NO_ORDER = new GenericInternalRow(0);

  /** All of it must be read. */
  static final MemberHistory ALL = new MemberHistory(List.of(), List.of(Days.ALL));

  MemberHistory {
    known = List.copyOf(known);
    toRead = List.copyOf(toRead);
  }

  /**
   * The days of one version, or between two, or before the first.
   *
   * @param state absent between versions
   */
  record Segment(Days days, Optional<Observation.State> state) {
    private boolean shows(Optional<Observation.State> other) {
      return Objects.equals(
          state.map(Observation.State::tracked), other.map(Observation.State::tracked));
    }
  }

  /**
   * Of a dimension of type 2.
   *
   * @param versions by day
   * @param changed observations by how many more there are of each than before; below 0 where it
   *     went
   */
  static MemberHistory of(List<Segment> versions, Map<Observation, Integer> changed) {
    List<Segment> segments = withGaps(versions);
    boolean lastStateMayBeGone =
        changed.entrySet().stream()
            .anyMatch(
                change ->
                    (change.getValue() < 0 || change.getKey().state().isEmpty())
                        && change.getKey().day() >= lastState(segments).days().from());
    boolean untracked =
        versions.stream()
            .flatMap(version -> version.state().stream())
            .anyMatch(state -> !state.untracked().isEmpty());
    if (lastStateMayBeGone && untracked) {
      // Every version shows what the last observation showed, and which is the last one now?
      return ALL;
    }
    TreeMap<Integer, Integer> sinceBySegment = new TreeMap<>();
    changed.forEach(
        (observation, count) -> {
          int segment = segmentOf(segments, observation.day());
          sinceBySegment.merge(segment, observation.day(), Math::min);
          if (mayJoinNext(segments, segment, observation, count)) {
            int next = segment + 1;
            sinceBySegment.merge(next, segments.get(next).days().from(), Math::min);
          }
        });
    Observation any = changed.keySet().iterator().next();
    List<Observation> known = new ArrayList<>();
    List<Days> toRead = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      int first = segment.days().from();
      Integer since = sinceBySegment.get(i);
      boolean beforeAll = first == Days.ALL.from();
      if (!beforeAll && (since == null || since > first)) {
        known.add(new Observation(any.member(), any.hash(), first, NO_ORDER, segment.state()));
      }
      if (since != null) {
        toRead.add(new Days(since, segment.days().until()));
      }
    }
    return new MemberHistory(known, joined(toRead));
  }

  /** Facts of the next version must be known too where it may become one with the one before. */
  private static boolean mayJoinNext(
      List<Segment> segments, int segment, Observation changed, int count) {
    if (segment + 1 == segments.size()) {
      return false;
    }
    Segment next = segments.get(segment + 1);
    return count > 0
        ? next.shows(changed.state())
        : changed.day() == segments.get(segment).days().from()
            && segment > 0
            && segments.get(segment - 1).shows(next.state());
  }

  private static List<Segment> withGaps(List<Segment> versions) {
    List<Segment> segments = new ArrayList<>();
    int from = Days.ALL.from();
    for (Segment version : versions) {
      if (version.days().from() > from) {
        segments.add(new Segment(new Days(from, version.days().from()), Optional.empty()));
      }
      segments.add(version);
      from = version.days().until();
    }
    if (from < Days.ALL.until()) {
      segments.add(new Segment(new Days(from, Days.ALL.until()), Optional.empty()));
    }
    return segments;
  }

  private static Segment lastState(List<Segment> segments) {
    return segments.stream()
        .filter(segment -> segment.state().isPresent())
        .reduce(segments.get(0), (earlier, later) -> later);
  }

  private static int segmentOf(List<Segment> segments, int day) {
    return IntStream.range(0, segments.size())
        .filter(i -> segments.get(i).days().has(day))
        .findFirst()
        .orElseThrow();
  }

  private static List<Days> joined(List<Days> byDay) {
    List<Days> joined = new ArrayList<>();
    for (Days days : byDay) {
      int last = joined.size() - 1;
      if (last >= 0 && joined.get(last).until() == days.from()) {
        joined.set(last, new Days(joined.get(last).from(), days.until()));
      } else {
        joined.add(days);
      }
    }
    return joined;
  }
}
