package io.medallion.core;

import java.util.List;
import java.util.stream.Collectors;

/** All mistakes found in options, contracts or stars, reported at once. Exit code 2. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  public ConfigurationException(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  public ConfigurationException(Mistake mistake) {
    this(List.of(mistake));
  }

  public List<Mistake> mistakes() {
    return mistakes;
  }
}
