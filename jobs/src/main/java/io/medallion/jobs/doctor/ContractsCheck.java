package io.medallion.jobs.doctor;

import io.medallion.core.ConfigurationException;
import io.medallion.jobs.config.Configuration;
import io.medallion.jobs.config.Settings;
import java.util.List;

/** Contracts and stars, with every mistake in them. */
final class ContractsCheck implements HealthChecks.Check {
  @Override
  public String name() {
    return "contracts and stars";
  }

  @Override
  public List<HealthResult> results(HealthChecks healthChecks) {
    try {
      Configuration configuration =
          Configuration.read(healthChecks.installation().value(Settings.CONFIG));
      return List.of(
          new HealthResult.Ok(
              name(),
              "contracts: %d, stars: %d"
                  .formatted(
                      configuration.contracts().all().size(), configuration.stars().all().size())));
    } catch (ConfigurationException e) {
      return HealthResult.of(name(), e);
    }
  }
}
