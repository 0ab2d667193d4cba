package io.aliecs.relay.hosts;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.testkit.FreePort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Control hosts on loopback in this process, each with a bus of its own and its part of the
 * journal.
 */
final class ControlHosts implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  static final String ENVIRONMENT = "2rRwFAqBXfd";

  private final Path folder;
  private final Function<String, Optional<ClusterCertificates>> certificates;
  private final List<ClusterHost> list;
  private final Map<String, Vertx> running = new LinkedHashMap<>();

  /**
   * @param certificates of each host by its id; empty for plain text
   */
  ControlHosts(
      Path folder, int count, Function<String, Optional<ClusterCertificates>> certificates) {
    this.folder = folder;
    this.certificates = certificates;
    int first = FreePort.find(count);
    list =
        IntStream.range(0, count)
            .mapToObj(i -> new ClusterHost("relay-" + (i + 1), "127.0.0.1", first + i))
            .toList();
  }

  static JsonObject event(String id, String moment, String transition) {
    JsonObject event =
        new JsonObject()
            .put("version", 1)
            .put("eventId", id)
            .put("environmentId", ENVIRONMENT)
            .put("moment", moment)
            .put("detectors", new JsonArray().add("ITS"));
    return transition.isEmpty() ? event : event.put("transition", transition);
  }

  ControlHosts startAll() throws Exception {
    for (ClusterHost host : list) {
      start(host.id());
    }
    return this;
  }

  void start(String id) throws Exception {
    Vertx vertx = Vertx.vertx();
    running.put(id, vertx);
    LocalRecords.register(vertx);
    JournalOptions journal =
        new JournalOptions(
            folder.resolve(id),
            id,
            list,
            false,
            certificates.apply(id),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            1_000,
            1_000,
            1 << 24);
    EnvironmentVerticle verticle =
        new EnvironmentVerticle(
            journal,
            TestOptions.history(10, Duration.ofDays(1)),
            new SimpleMeterRegistry(),
            Clock.systemUTC());
    vertx.deployVerticle(verticle).await();
  }

  void stop(String id) throws Exception {
    running.remove(id).close().await();
  }

  Vertx bus(String id) {
    return running.get(id);
  }

  /** Sends a host an event, again and again until it is safe or of no use, as senders do. */
  TransitionReply send(String id, Object event) {
    JsonObject reply =
        Awaitility.await()
            .atMost(PATIENCE)
            .ignoreExceptionsMatching(
                e -> FailureCode.NOT_LEADER.is(e) || FailureCode.NOT_READY.is(e))
            .until(() -> ask(id, event).await(), answered -> true);
    return new TransitionReply(
        Verdict.valueOf(reply.getString("verdict")), reply.getString("reason"));
  }

  /** Sends a host an event once. */
  Future<JsonObject> ask(String id, Object event) {
    return bus(id)
        .eventBus()
        .<JsonObject>request(
            BusAddresses.ENVIRONMENT_TRANSITION,
            event,
            new DeliveryOptions().setSendTimeout(PATIENCE.toMillis()))
        .map(reply -> reply.body());
  }

  List<String> ids() {
    return List.copyOf(running.keySet());
  }

  private Optional<ClusterStatus> status(String id) {
    try {
      return Optional.of(
          bus(id)
              .eventBus()
              .<ClusterStatus>request(BusAddresses.CLUSTER_STATUS, null, LocalRecords.LOCAL)
              .map(reply -> reply.body())
              .await());
    } catch (Exception notOpen) {
      return Optional.empty();
    }
  }

  /** The host that leads; waits for one. */
  String leader() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                ids().stream()
                    .filter(id -> status(id).filter(ClusterStatus::leading).isPresent())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Waits until every host that runs knows that state of the environment. */
  void awaitState(State state) {
    for (String id : ids()) {
      Awaitility.await().atMost(PATIENCE).until(() -> stateOn(id), state::equals);
    }
  }

  State stateOn(String id) {
    try {
      StateChanged known =
          bus(id)
              .eventBus()
              .<HostState>request(BusAddresses.HOST_STATE, null, LocalRecords.LOCAL)
              .map(reply -> reply.body().newest())
              .await();
      var environment = known.state().environments().get(ENVIRONMENT);
      return environment == null ? State.UNKNOWN : environment.state();
    } catch (Exception notReplayed) {
      return State.UNKNOWN;
    }
  }

  @Override
  public void close() throws Exception {
    for (String id : ids()) {
      stop(id);
    }
  }
}
