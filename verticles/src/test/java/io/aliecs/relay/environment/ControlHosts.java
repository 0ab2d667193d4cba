package io.aliecs.relay.environment;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.cluster.ClusteredBus;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.domain.State;
import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.HistoryOptions;
import io.aliecs.relay.settings.JournalOptions;
import io.aliecs.relay.tls.ClusterCertificates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
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

/** Control hosts on loopback in this process, each with its bus and its part of the journal. */
final class ControlHosts implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  static final String ENVIRONMENT = "2rRwFAqBXfd";

  private final Path folder;
  private final Function<String, Optional<ClusterCertificates>> certificates;
  private final List<ClusterHost> list;
  private final Map<String, ClusteredBus> running = new LinkedHashMap<>();
  private final Map<String, ClusteredBus> guests = new LinkedHashMap<>();

  /**
   * @param certificates of each host by its id; empty for plain text
   */
  ControlHosts(
      Path folder, int count, Function<String, Optional<ClusterCertificates>> certificates) {
    this.folder = folder;
    this.certificates = certificates;
    int first = FreePort.find(3 * count);
    list =
        IntStream.range(0, count)
            .mapToObj(i -> new ClusterHost("relay-" + (i + 1), "127.0.0.1", first + 3 * i))
            .toList();
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), SECONDS);
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
    ClusterHost host = list.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    ClusteredBus bus = join(BusOptions.host(host, list, certificates.apply(id)));
    running.put(id, bus);
    LocalRecords.register(bus.vertx());
    JournalOptions journal =
        new JournalOptions(
            folder.resolve(id),
            id,
            list,
            certificates.apply(id),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            1_000,
            1_000,
            1 << 24);
    EnvironmentVerticle verticle =
        new EnvironmentVerticle(
            journal,
            new HistoryOptions(10, Duration.ofDays(1)),
            new SimpleMeterRegistry(),
            Clock.systemUTC());
    get(bus.vertx().deployVerticle(verticle));
  }

  void stop(String id) throws Exception {
    get(running.remove(id).vertx().close());
  }

  private static ClusteredBus join(BusOptions options) throws Exception {
    VertxOptions small = new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4);
    return get(ClusteredBus.join(small, options));
  }

  ClusteredBus guest(String name) throws Exception {
    ClusteredBus guest = join(BusOptions.guest("127.0.0.1", 0, list, certificates.apply(name)));
    guests.put(name, guest);
    return guest;
  }

  ClusteredBus bus(String id) {
    return running.get(id);
  }

  List<String> ids() {
    return List.copyOf(running.keySet());
  }

  /** As in {@code cluster.hosts}. */
  String asSetting() {
    return String.join(",", list.stream().map(host -> host.id() + "=" + host.address()).toList());
  }

  private Optional<ClusterStatus> status(String id) {
    try {
      return Optional.of(
          get(
              bus(id)
                  .vertx()
                  .eventBus()
                  .<ClusterStatus>request(BusAddresses.CLUSTER_STATUS, null, LocalRecords.LOCAL)
                  .map(reply -> reply.body())));
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
          get(
              bus(id)
                  .vertx()
                  .eventBus()
                  .<StateChanged>request(BusAddresses.ENVIRONMENT_STATE, null, LocalRecords.LOCAL)
                  .map(reply -> reply.body()));
      var environment = known.state().environments().get(ENVIRONMENT);
      return environment == null ? State.UNKNOWN : environment.state();
    } catch (Exception notReplayed) {
      return State.UNKNOWN;
    }
  }

  @Override
  public void close() throws Exception {
    for (ClusteredBus guest : guests.values()) {
      get(guest.vertx().close());
    }
    for (String id : ids()) {
      stop(id);
    }
  }
}
