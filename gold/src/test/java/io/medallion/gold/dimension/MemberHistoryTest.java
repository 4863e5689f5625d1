package io.medallion.gold.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.gold.star.Star.ScdType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.junit.jupiter.api.Test;

class MemberHistoryTest {
  private static final Comparator<Observation> IN_ORDER =
      Comparator.comparingInt(Observation::day)
          .thenComparingInt(observation -> observation.order().getInt(0));

  private static Optional<Observation.State> state(String tracked, String untracked) {
    List<Object> values = new ArrayList<>(List.of(tracked));
    List<Object> others = untracked.isEmpty() ? List.of() : List.of(untracked);
    values.addAll(others);
    return Optional.of(new Observation.State(List.of(tracked), others, values));
  }

  private static Observation seen(int day, int order, Optional<Observation.State> state) {
    return new Observation(
        List.of("m"), 1, day, new GenericInternalRow(new Object[] {order}), state);
  }

  private static List<MemberVersions.Version> versions(List<Observation> observations) {
    return MemberVersions.of(observations, IN_ORDER, ScdType.TYPE_2, 1);
  }

  private static List<MemberHistory.Segment> segments(List<MemberVersions.Version> versions) {
    return versions.stream()
        .map(
            version ->
                new MemberHistory.Segment(
                    new Days(
                        version.from(),
                        version.until() == MemberVersions.OPEN_END
                            ? Integer.MAX_VALUE
                            : version.until()),
                    Optional.of(
                        new Observation.State(
                            version.values().subList(0, 1),
                            version.values().subList(1, version.values().size()),
                            version.values()))))
        .toList();
  }

  /** What the update does with a history, of observations by what they are now. */
  private static List<MemberVersions.Version> versions(
      MemberHistory history, List<Observation> now) {
    List<Observation> observed = new ArrayList<>(history.known());
    now.stream().filter(o -> Days.anyHas(history.toRead(), o.day())).forEach(observed::add);
    return versions(observed);
  }

  @Property(tries = 5_000)
  void whatIsReadDecidesTheVersionsAsAllObservationsDo(@ForAll Random random) {
    boolean ends = random.nextBoolean();
    boolean untracked = random.nextBoolean();
    List<Observation> before = new ArrayList<>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      before.add(any(random, i, ends, untracked));
    }
    List<Observation> now = new ArrayList<>(before);
    Map<Observation, Integer> changed = new HashMap<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      if (!now.isEmpty() && random.nextBoolean()) {
        changed.merge(now.remove(random.nextInt(now.size())), -1, Integer::sum);
      } else {
        Observation came = any(random, 100 + i * (random.nextBoolean() ? 1 : -1), ends, untracked);
        now.add(came);
        changed.merge(came, 1, Integer::sum);
      }
    }
    changed.values().removeIf(count -> count == 0);
    if (changed.isEmpty()) {
      return;
    }

    MemberHistory history = MemberHistory.of(segments(versions(before)), changed);

    assertThat(versions(history, now))
        .as("%s, then %s, by %s", before, now, history)
        .isEqualTo(versions(now));
  }

  private static Observation any(Random random, int order, boolean ends, boolean untracked) {
    return seen(
        random.nextInt(10),
        order,
        ends && random.nextInt(4) == 0
            ? Optional.empty()
            : state("t" + random.nextInt(3), untracked ? "u" + random.nextInt(2) : ""));
  }

  @Test
  void ofALongHistoryTheRestOfOneVersionIsRead() {
    List<Observation> before =
        List.of(
            seen(10, 1, state("a", "")), seen(20, 2, state("b", "")), seen(30, 3, state("c", "")));

    MemberHistory history =
        MemberHistory.of(segments(versions(before)), Map.of(seen(25, 4, state("d", "")), 1));

    assertThat(history.toRead()).containsExactly(new Days(25, 30));
    assertThat(history.known()).extracting(Observation::day).containsExactly(10, 20, 30);
  }

  @Test
  void aVersionIsReadToItsBeginningWhereThatWent() {
    List<Observation> before = List.of(seen(10, 1, state("a", "")), seen(20, 2, state("b", "")));

    MemberHistory history = MemberHistory.of(segments(versions(before)), Map.of(before.get(1), -1));

    assertThat(history.toRead()).containsExactly(new Days(20, Integer.MAX_VALUE));
    assertThat(history.known()).extracting(Observation::day).containsExactly(10);
  }

  @Test
  void theNextVersionIsReadWhereItMayJoin() {
    List<Observation> before =
        List.of(
            seen(10, 1, state("a", "")), seen(20, 2, state("b", "")), seen(30, 3, state("a", "")));

    MemberHistory history = MemberHistory.of(segments(versions(before)), Map.of(before.get(1), -1));

    assertThat(history.toRead()).containsExactly(new Days(20, Integer.MAX_VALUE));
    assertThat(versions(history, List.of(before.get(0), before.get(2)))).hasSize(1);
  }

  @Test
  void daysAreAtLeastOne() {
    assertThatThrownBy(() -> new Days(3, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no day is from 3 until 3");
  }
}
