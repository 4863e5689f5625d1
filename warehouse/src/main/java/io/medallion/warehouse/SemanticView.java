package io.medallion.warehouse;

import io.medallion.core.Digest;
import java.nio.charset.StandardCharsets;

/**
 * A view over the star that every warehouse offers, with the same rows and columns in each.
 *
 * @param name lower case letters, digits and underscores
 * @param description for the view's comment, may be blank
 * @param sql one SELECT in the SQL that all warehouses share, without a semicolon; names tables of
 *     the star, and views before this one, without a schema
 */
public record SemanticView(String name, String description, String sql) {
  public SemanticView {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("not a view name: " + name);
    }
    sql = sql.strip();
  }

  /** Tells an edited definition from an unchanged one. */
  public String digest() {
    return Digest.sha256((name + "\n" + description + "\n" + sql).getBytes(StandardCharsets.UTF_8));
  }
}
