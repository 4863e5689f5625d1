package io.medallion.bronze.topic;

/**
 * A topic as a broker describes it.
 *
 * @param partitions how many there are
 * @param events that the broker still has, by their offsets
 */
public record TopicSurvey(int partitions, long events) {

  /**
   * Asks the broker.
   *
   * @throws io.medallion.core.LakeException where there is no such topic, it may not be described,
   *     or no broker answers
   */
  public static TopicSurvey of(TopicSource source) {
    try (TopicBroker broker = new TopicBroker(source)) {
      TopicBroker.State state = broker.state();
      long events =
          state.end().entrySet().stream()
              .mapToLong(end -> end.getValue() - state.begin().get(end.getKey()))
              .sum();
      return new TopicSurvey(state.end().size(), events);
    }
  }
}
