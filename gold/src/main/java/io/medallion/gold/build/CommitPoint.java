package io.medallion.gold.build;

/** Called after each commit of a build, so that tests can end a build between any two. */
public interface CommitPoint {
  void committed(String table);
}
