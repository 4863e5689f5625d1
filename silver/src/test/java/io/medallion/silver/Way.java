package io.medallion.silver;

/** How silver processes what has landed: without a stream, as one, or by both in turns. */
enum Way {
  RUN,
  STREAM,
  TURNS
}
