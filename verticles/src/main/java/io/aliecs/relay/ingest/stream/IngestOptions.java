package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.ingest.mapping.Workflows;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.settings.Requirement;
import java.time.Duration;

/**
 * How AliECS's own event stream is read.
 *
 * @param enabled whether it is read at all
 * @param bootstrapServers Kafka brokers as {@code host:port}, separated by commas; empty: those of
 *     the settings in force
 * @param history what to do with what is in the stream when it is joined for the first time
 * @param runGrace how long a run event waits for the environment events of the same moment
 * @param workflows whose environments are published
 * @param quietAfter after that without an event the stream is taken for one that nobody writes to,
 *     as long as AliECS's core has environments; zero for never
 * @param clientProperties passed to the Kafka consumer as they are
 */
public record IngestOptions(
    boolean enabled,
    String bootstrapServers,
    History history,
    Duration runGrace,
    Workflows workflows,
    Duration quietAfter,
    KafkaClientProperties clientProperties) {

  /** How long a run event waits by default. */
  public static final Duration DEFAULT_RUN_GRACE = Duration.ofSeconds(1);

  /** How long the stream may be silent by default: longer than a run. */
  public static final Duration DEFAULT_QUIET_AFTER = Duration.ofHours(12);

  private static final Duration LONGEST_RUN_GRACE = Duration.ofMinutes(1);

  /** What becomes of events from before the stream was joined for the first time. */
  public enum History {
    /**
     * They build up the state and are not published. Run events among them are passed over: a topic
     * of runs may reach back further than that of environments and would bring back runs whose end
     * is in neither any more.
     */
    TRACK,
    /** They are published like any other. */
    PUBLISH
  }

  public IngestOptions {
    Requirement.that(
        !runGrace.isNegative() && runGrace.compareTo(LONGEST_RUN_GRACE) <= 0,
        "ingest.run-grace",
        runGrace.toMillis() + " ms",
        "0 ms to " + LONGEST_RUN_GRACE.toMillis() + " ms");
    Requirement.that(
        !quietAfter.isNegative(), "ingest.quiet-after", quietAfter.toMillis() + " ms", "0 or more");
  }

  /** Without the client properties, which may hold secrets. */
  @Override
  public String toString() {
    return "IngestOptions[bootstrapServers=" + bootstrapServers + "]";
  }
}
