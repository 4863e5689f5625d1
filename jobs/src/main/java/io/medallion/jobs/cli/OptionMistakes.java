package io.medallion.jobs.cli;

import io.medallion.core.ConfigurationException;
import io.medallion.core.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Gathers what is wrong with a command line's parts, so that all of it is told at once. */
public final class OptionMistakes {
  private final List<Mistake> found = new ArrayList<>();

  /** What a part says; empty where it is wrong, which {@link #tell} tells. */
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
  public void tell() {
    if (!found.isEmpty()) {
      throw new ConfigurationException(found);
    }
  }
}
