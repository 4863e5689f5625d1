package io.medallion.gold.dimension;

import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.medallion.core.rows.KeyHash;
import io.medallion.gold.star.Star.Dimension;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/** Finds the rows of the source that name members on days of theirs. */
final class DaysOfMembers {
  private final Map<Long, List<Days>> byHash = new HashMap<>();

  void add(long memberHash, List<Days> days) {
    byHash.computeIfAbsent(memberHash, h -> new ArrayList<>()).addAll(days);
  }

  /**
   * Whether a row of the source names one of the members on one of its days, or another member with
   * the same hash; absent where there are no members.
   *
   * @param day the expression that gives a row's day
   */
  Optional<Column> condition(Dimension dimension, String day) {
    if (byHash.isEmpty()) {
      return Optional.empty();
    }
    Map<Long, List<Days>> daysByHash = Map.copyOf(byHash);
    Column hash = KeyHash.of(Observer.key(dimension));
    Column sinceEpoch = datediff(Observations.day(day), lit(LocalDate.EPOCH));
    return Optional.of(
        KeyHash.isAmong(hash, daysByHash.keySet())
            .and(
                udf(
                        (Long member, Integer on) -> Days.anyHas(daysByHash.get(member), on),
                        DataTypes.BooleanType)
                    .apply(hash, sinceEpoch)));
  }
}
