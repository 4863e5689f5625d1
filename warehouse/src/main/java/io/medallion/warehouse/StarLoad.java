package io.medallion.warehouse;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one load does to one star.
 *
 * @param star its name
 * @param load its number: greater than the star's last one in the control tables
 * @param tables what changes, dimensions before the facts that refer to them; tables of which gold
 *     has no other version than the warehouse are left out
 * @param views every view of the star, each after those it reads
 * @param runId the process, as in {@code ops.runs}
 * @param startedAt when the load began
 */
public record StarLoad(
    String star,
    long load,
    List<TableLoad> tables,
    List<SemanticView> views,
    String runId,
    Instant startedAt) {

  public StarLoad {
    tables = List.copyOf(tables);
    views = List.copyOf(views);
    Set<String> names = new HashSet<>();
    for (TableLoad table : tables) {
      if (!names.add(table.table().name())) {
        throw new IllegalArgumentException("a load names " + table.table().name() + " twice");
      }
    }
  }
}
