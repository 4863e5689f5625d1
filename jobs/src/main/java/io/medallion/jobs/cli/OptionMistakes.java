package io.medallion.jobs.cli;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects the mistakes of a command line's parts, so that one exception reports all of them. */
public final class OptionMistakes {
  private final List<Mistake> found = new ArrayList<>();

  /** The value of a part; empty where it is wrong, which {@link #throwIfAny} reports. */
  public <T> Optional<T> of(Supplier<T> part) {
    try {
      return Optional.of(part.get());
    } catch (ConfigurationException e) {
      found.addAll(e.mistakes());
      return Optional.empty();
    }
  }

  /**
   * @throws ConfigurationException with all that was found, if anything was
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigurationException(found);
    }
  }
}
