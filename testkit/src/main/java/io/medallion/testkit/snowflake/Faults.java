package io.medallion.testkit.snowflake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Faults that a test injects, each at a fixed request or statement, so that every run is the same.
 */
public final class Faults {
  /** How a request goes wrong. */
  public enum Kind {
    /** Not carried out, answered with an internal error of Snowflake's (000603). */
    FAIL,
    /** Not carried out, answered as where the role lacks the privilege for it (003001). */
    REFUSE,
    /** Not carried out: the session is gone (390112) and what it had not committed with it. */
    LOSE_SESSION,
    /** Not carried out, answered with HTTP 503, which the driver tries again. */
    UNAVAILABLE,
    /** Carried out but for one row of a COPY, which the answer counts nevertheless. */
    LOSE_ROW,
    /**
     * The connection is cut before the answer, for which the driver asks again; a statement was
     * carried out by then.
     */
    DROP_ANSWER
  }

  private record ArmedFault(Pattern statement, int number, Kind kind) {}

  private final List<ArmedFault> armed = new ArrayList<>();
  private final List<Integer> seen = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private Duration delay = Duration.ZERO;
  private int requests;
  private int faultyRequest;
  private Kind faultyKind = Kind.FAIL;

  /**
   * Lets one request go wrong, of all there are: logins, statements, uploads, looks at running
   * statements, ends of sessions.
   *
   * @param number which, from 1, counted from now
   */
  public synchronized void atRequest(int number, Kind kind) {
    requests = 0;
    faultyRequest = number;
    faultyKind = kind;
  }

  /** Requests of any sort since the last {@link #atRequest} or {@link #clear()}. */
  public synchronized int requests() {
    return requests;
  }

  synchronized Optional<Kind> request() {
    requests++;
    return requests == faultyRequest ? Optional.of(faultyKind) : Optional.empty();
  }

  /**
   * Plans a fault.
   *
   * @param statement matches a part of the statements that count; empty matches all
   * @param number which of them goes wrong, from 1
   */
  public synchronized void at(String statement, int number, Kind kind) {
    armed.add(
        new ArmedFault(
            Pattern.compile(statement, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), number, kind));
    seen.add(0);
  }

  /** Lets every answer wait. */
  public synchronized void slow(Duration each) {
    delay = each;
  }

  /** Nothing goes wrong any more, and statements are counted and kept anew. */
  public synchronized void clear() {
    armed.clear();
    seen.clear();
    statements.clear();
    requests = 0;
    faultyRequest = 0;
    delay = Duration.ZERO;
  }

  /** The statements since the start or the last {@link #clear()}, in order of arrival. */
  public synchronized List<String> statements() {
    return List.copyOf(statements);
  }

  synchronized Duration delay() {
    return delay;
  }

  /** What happens to a statement that has just arrived. */
  synchronized Optional<Kind> next(String sql) {
    statements.add(sql);
    Optional<Kind> kind = Optional.empty();
    for (int i = 0; i < armed.size(); i++) {
      if (armed.get(i).statement().matcher(sql).find()) {
        seen.set(i, seen.get(i) + 1);
        if (seen.get(i) == armed.get(i).number()) {
          kind = Optional.of(armed.get(i).kind());
        }
      }
    }
    return kind;
  }
}
