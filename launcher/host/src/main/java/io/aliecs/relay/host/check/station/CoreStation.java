package io.aliecs.relay.host.check.station;

import io.aliecs.relay.bus.status.CoreEnvironments;
import io.aliecs.relay.reconcile.CoreClient;
import io.aliecs.relay.reconcile.ReconcileOptions;
import io.aliecs.relay.text.UnknownHosts;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** AliECS's core, over gRPC. */
public record CoreStation(Vertx vertx, ReconcileOptions options) {
  private static final String ID = "core";
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  /** Blocks for some seconds at most. */
  public List<Finding> look() {
    if (!options.enabled()) {
      return List.of(
          Finding.warning(
              "core.unset",
              "AliECS's core",
              "not asked: aliecs.core is empty",
              "its gRPC interface, host:32102",
              "set aliecs.core: of all signs of an end that AliECS does not tell, it is the only"
                  + " one that does not depend on the stream"));
    }
    CoreClient core = new CoreClient(vertx, options, DEADLINE, Clock.systemUTC());
    try {
      CoreEnvironments found = core.summary().await();
      return List.of(
          Finding.ok(
              ID,
              "AliECS's core at " + options.core() + " answers, environments: " + found.count()));
    } catch (Exception failed) {
      return List.of(away(failed));
    } finally {
      core.close();
    }
  }

  private Finding away(Throwable failure) {
    String text = "AliECS's core at " + options.core();
    if (UnknownHosts.areWhy(failure)) {
      return Finding.failed(
          "core.name",
          text,
          "no such name",
          "one that this host can look up",
          "correct aliecs.core, or the name service");
    }
    String message =
        failure instanceof TimeoutException ? "no answer in time" : failure.getMessage();
    return Finding.failed(
        ID,
        text,
        (message == null ? failure.getClass().getSimpleName() : message)
            + " (expected: the gRPC interface of AliECS's core)",
        "correct aliecs.core, open the way to it, or look at the core; what the stream says is"
            + " published meanwhile");
  }
}
