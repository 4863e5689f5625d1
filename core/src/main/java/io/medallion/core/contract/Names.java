package io.medallion.core.contract;

import io.medallion.core.yaml.Located;
import io.medallion.core.yaml.Mistakes;
import java.util.Set;

/** The rules for names that become columns, tables, feeds and rules. */
public final class Names {
  private static final Set<String> RESERVED_TABLES = Set.of("manifest", "quarantine");

  private Names() {}

  /**
   * Returns whether {@code name} is made of lower case letters, digits and underscores, and notes
   * it where it is not.
   *
   * @param what what is named, with its article: "a column"
   */
  public static boolean check(String what, Located<String> name, Mistakes mistakes) {
    if (name.value().matches("[a-z][a-z0-9_]*")) {
      return true;
    }
    if (name.value().startsWith("_")) {
      mistakes.add(
          name.at(),
          "`" + name.value() + "` is reserved: names with a leading underscore are Medallion's own",
          "write the name without it");
      return false;
    }
    String proposal = HeaderName.normalise(name.value());
    mistakes.add(
        name.at(),
        "`" + name.value() + "` is no name for " + what,
        proposal.matches("[a-z][a-z0-9_]*")
            ? "write `" + proposal + "`"
            : "use lower case letters, digits and underscores, a letter first");
    return false;
  }

  /** Like {@link #check}, for tables and feeds: some names Medallion needs itself. */
  public static boolean checkTable(String what, Located<String> name, Mistakes mistakes) {
    if (RESERVED_TABLES.contains(name.value())) {
      mistakes.add(
          name.at(),
          "`" + name.value() + "` is reserved for a table of Medallion's own",
          "choose another name for " + what);
      return false;
    }
    return check(what, name, mistakes);
  }
}
