package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.settings.Requirement;
import java.time.Duration;

/**
 * What {@link Simulation} does.
 *
 * @param bootstrapServers brokers as {@code host:port}, separated by commas
 * @param environments how many environments live at once, 1 or more
 * @param rate transitions a second over all environments, more than 0
 * @param count lives of environments in total; 0 for no end
 * @param seed what environments there are and what happens to them
 * @param failures probability that a transition fails, 0 to 1
 * @param unpublished probability that an environment has {@code kafka_enabled=false}, 0 to 1
 * @param firstRunNumber number of the first run, 1 to 2³²−1; each next run has the next number
 * @param partitions partitions of the topics, when they have to be created
 * @param extras what happens besides
 */
public record SimulationOptions(
    String bootstrapServers,
    int environments,
    double rate,
    long count,
    long seed,
    double failures,
    double unpublished,
    long firstRunNumber,
    int partitions,
    Extras extras) {

  /**
   * What makes AliECS's stream less than the truth, and what is in it that nobody takes data with.
   *
   * @param housekeeping probability that an environment runs a workflow that takes no data, 0 to 1
   * @param lostEnds probability that the events of a destruction are lost, 0 to 1
   * @param coreRestarts probability that the core crashes and starts anew in place of a transition,
   *     0 to 1
   * @param startHooks how long the hooks of START_ACTIVITY take, once the run has its number
   */
  public record Extras(
      double housekeeping, double lostEnds, double coreRestarts, Duration startHooks) {
    /** Nothing of it. */
    public static final Extras NONE = new Extras(0, 0, 0, Duration.ZERO);

    public Extras {
      requireProbability("housekeeping", housekeeping);
      requireProbability("lost-ends", lostEnds);
      requireProbability("core-restarts", coreRestarts);
      Requirement.that(
          !startHooks.isNegative(), "start-hooks", startHooks.toMillis(), "0 ms or more");
    }
  }

  public SimulationOptions {
    Requirement.that(environments >= 1, "environments", environments, "1 or more");
    Requirement.that(rate > 0 && rate <= 100_000, "rate", rate, "more than 0, up to 100000");
    Requirement.that(count >= 0, "count", count, "0 or more");
    requireProbability("failures", failures);
    requireProbability("unpublished", unpublished);
    Requirement.that(
        firstRunNumber >= 1 && firstRunNumber <= 0xFFFF_FFFFL,
        "first-run-number",
        firstRunNumber,
        "1 to 4294967295");
    Requirement.that(partitions >= 1, "partitions", partitions, "1 or more");
  }

  /** Without extras. */
  public SimulationOptions(
      String bootstrapServers,
      int environments,
      double rate,
      long count,
      long seed,
      double failures,
      double unpublished,
      long firstRunNumber,
      int partitions) {
    this(
        bootstrapServers,
        environments,
        rate,
        count,
        seed,
        failures,
        unpublished,
        firstRunNumber,
        partitions,
        Extras.NONE);
  }

  /** Four environments, two transitions a second, no failures, some housekeeping, no end. */
  public static SimulationOptions of(String bootstrapServers, long seed, long firstRunNumber) {
    Extras extras = new Extras(0.1, 0, 0, Duration.ZERO);
    return new SimulationOptions(bootstrapServers, 4, 2, 0, seed, 0, 0, firstRunNumber, 1, extras);
  }

  private static void requireProbability(String name, double value) {
    Requirement.that(value >= 0 && value <= 1, name, value, "0 to 1");
  }
}
