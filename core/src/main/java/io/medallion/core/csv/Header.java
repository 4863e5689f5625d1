package io.medallion.core.csv;

import io.medallion.core.contract.Column;
import io.medallion.core.contract.Contract;
import io.medallion.core.contract.HeaderName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which column of a contract each field of a file is, by the names in the file's header: never by
 * position.
 *
 * @param names the header's names as they are in the file
 * @param columns for each field the index of the contract's column, or -1 where the contract has
 *     none
 */
public record Header(List<String> names, int[] columns) {
  private static final int UNKNOWN = -1;

  public Header {
    names = List.copyOf(names);
    columns = columns.clone();
  }

  /** Matches names, aliases included, without regard to case and punctuation. */
  public static Header match(Contract contract, List<String> names) {
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < contract.columns().size(); i++) {
      Column column = contract.columns().get(i);
      byName.put(HeaderName.normalise(column.name()), i);
      for (String alias : column.aliases()) {
        byName.put(HeaderName.normalise(alias), i);
      }
    }
    int[] columns = new int[names.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = byName.getOrDefault(HeaderName.normalise(names.get(i)), UNKNOWN);
    }
    return new Header(names, columns);
  }

  /** Names of required columns that the header lacks. */
  public List<String> missing(Contract contract) {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < contract.columns().size(); i++) {
      int column = i;
      if (contract.columns().get(i).required()
          && Arrays.stream(columns).noneMatch(c -> c == column)) {
        missing.add(contract.columns().get(i).name());
      }
    }
    return missing;
  }

  /**
   * Names under which fields that the contract does not know are rescued: unique within the file.
   */
  public Map<Integer, String> rescuedNames() {
    Map<Integer, String> rescued = new LinkedHashMap<>();
    Map<String, Integer> uses = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] == UNKNOWN) {
        String name = names.get(i).isBlank() ? "_" + (i + 1) : names.get(i).strip();
        String unique;
        do {
          int use = uses.merge(name, 1, Integer::sum);
          unique = use == 1 ? name : name + "_" + use;
        } while (!taken.add(unique));
        rescued.put(i, unique);
      }
    }
    return rescued;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Header header
        && names.equals(header.names)
        && Arrays.equals(columns, header.columns);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }
}
