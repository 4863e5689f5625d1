package io.medallion.jobs;

import io.medallion.core.ConfigurationException;
import java.util.List;

/** Contracts and stars, with every mistake in them. */
final class ContractsCheck implements Checkup.Check {
  @Override
  public String name() {
    return "contracts and stars";
  }

  @Override
  public List<Diagnosis> diagnose(Checkup checkup) {
    try {
      Configuration configuration =
          Configuration.read(checkup.installation().value(Settings.CONFIG));
      return List.of(
          new Diagnosis.Ok(
              name(),
              "contracts: %d, stars: %d"
                  .formatted(
                      configuration.contracts().all().size(), configuration.stars().all().size())));
    } catch (ConfigurationException e) {
      return Diagnosis.of(name(), e);
    }
  }
}
