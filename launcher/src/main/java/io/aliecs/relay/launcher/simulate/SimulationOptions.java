package io.aliecs.relay.launcher.simulate;

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
    int partitions) {

  public SimulationOptions {
    require(environments >= 1, "environments", environments, "1 or more");
    require(rate > 0 && rate <= 100_000, "rate", rate, "more than 0, up to 100000");
    require(count >= 0, "count", count, "0 or more");
    require(failures >= 0 && failures <= 1, "failures", failures, "0 to 1");
    require(unpublished >= 0 && unpublished <= 1, "unpublished", unpublished, "0 to 1");
    require(
        firstRunNumber >= 1 && firstRunNumber <= 0xFFFF_FFFFL,
        "first-run-number",
        firstRunNumber,
        "1 to 4294967295");
    require(partitions >= 1, "partitions", partitions, "1 or more");
  }

  /** Four environments, two transitions a second, no failures, no end. */
  public static SimulationOptions of(String bootstrapServers, long seed, long firstRunNumber) {
    return new SimulationOptions(bootstrapServers, 4, 2, 0, seed, 0, 0, firstRunNumber, 1);
  }

  private static void require(boolean good, String name, Object value, String expected) {
    if (!good) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
