package io.medallion.gold;

/** Called after each commit of a build, so that tests can end a build between any two. */
interface CommitPoint {
  void committed(String table);
}
