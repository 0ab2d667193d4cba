package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.bus.status.CoreEnvironments;
import java.time.Clock;
import java.time.Duration;

/** Whether a silent stream is one that nobody writes to. Thread safe. */
public final class StreamSilence {
  /** How much AliECS's clock may differ, and how late its events may come. */
  private static final long MARGIN_MS = 30_000;

  private final Duration quietAfter;
  private final Clock clock;
  private volatile CoreEnvironments core = new CoreEnvironments(0, 0);
  private volatile long received;

  /**
   * @param quietAfter after that without an event a stream is silent while the core has
   *     environments; zero for never
   */
  public StreamSilence(Duration quietAfter, Clock clock) {
    this.quietAfter = quietAfter;
    this.clock = clock;
    this.received = clock.millis();
  }

  /** AliECS's core has answered which environments it has. */
  public void core(CoreEnvironments now) {
    core = now;
  }

  /** An event has come, or a reader has begun. */
  public void received() {
    received = clock.millis();
  }

  /** What is wrong, for people; empty when nothing is. */
  public String problem(String servers) {
    CoreEnvironments known = core;
    long now = clock.millis();
    boolean missed = known.newestCreated() > received + MARGIN_MS && now > received + 2 * MARGIN_MS;
    boolean quiet = !quietAfter.isZero() && now - received > quietAfter.toMillis();
    if (quietAfter.isZero() || known.count() == 0 || !(missed || quiet)) {
      return "";
    }
    return "AliECS's core has "
        + known.count()
        + " environments, and its stream on "
        + servers
        + " has said nothing for "
        + (now - received) / 1_000
        + " s (expected: the brokers that AliECS writes its stream to, its kafkaEndpoints; correct that"
        + " key in Consul, or ingest.bootstrap-servers)";
  }
}
