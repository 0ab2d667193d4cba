package io.aliecs.relay.lab.verify.plan;

import io.aliecs.relay.lab.verify.Verification;
import io.aliecs.relay.settings.Requirement;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link Verification} does.
 *
 * @param hosts control hosts, as many as the fault takes or more
 * @param rounds how often the fault is injected
 * @param duration longest time of undisturbed load before each fault, in seconds
 * @param rate transitions a second over all environments
 * @param environments how many live at once
 * @param outage how long Kafka is away with {@link Fault#OUTAGE}, in seconds
 * @param streamApart whether AliECS's stream has a broker of its own that stays whole
 * @param from jars of what hosts run before {@link Fault#ROLLING_UPGRADE}; empty otherwise
 * @param seed what happens to environments, and when faults come
 * @param data an empty folder for everything
 * @param settings of every control host, over those it needs anyway
 */
public record VerifyOptions(
    Fault fault,
    int hosts,
    int rounds,
    double duration,
    double rate,
    int environments,
    double outage,
    boolean streamApart,
    Optional<Path> from,
    long seed,
    Path data,
    Map<String, String> settings) {

  public VerifyOptions {
    settings = Map.copyOf(settings);
    Requirement.that(
        hosts >= fault.hosts() && hosts <= 5, "hosts", hosts, fault.hosts() + " to 5 for " + fault);
    Requirement.that(rounds >= 1, "rounds", rounds, "1 or more");
    Requirement.that(
        duration > 0 && duration <= 3_600, "duration", duration, "more than 0, up to 3600");
    Requirement.that(rate > 0 && rate <= 10_000, "rate", rate, "more than 0, up to 10000");
    Requirement.that(environments >= 1, "environments", environments, "1 or more");
    Requirement.that(outage > 0 && outage <= 86_400, "outage", outage, "more than 0, up to 86400");
  }
}
