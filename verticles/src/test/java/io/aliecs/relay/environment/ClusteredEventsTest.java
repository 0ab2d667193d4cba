package io.aliecs.relay.environment;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.bus.EventSender;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.cluster.ClusteredBus;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.domain.State;
import io.aliecs.relay.domain.Verdict;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.HistoryOptions;
import io.aliecs.relay.settings.JournalOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events from guests of a bus of three hosts, each with its part of the journal. */
class ClusteredEventsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final List<ClusteredBus> open = new ArrayList<>();
  private final List<ClusteredBus> hosts = new ArrayList<>();
  private List<ClusterHost> list;

  @BeforeEach
  void startHosts() throws Exception {
    int first = FreePort.find(9);
    list =
        List.of(
            new ClusterHost("relay-1", "127.0.0.1", first),
            new ClusterHost("relay-2", "127.0.0.1", first + 3),
            new ClusterHost("relay-3", "127.0.0.1", first + 6));
    for (ClusterHost host : list) {
      hosts.add(start(host));
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (ClusteredBus bus : open) {
      get(bus.vertx().close());
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(90, SECONDS);
  }

  private ClusteredBus join(BusOptions options) throws Exception {
    VertxOptions small = new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4);
    ClusteredBus bus = get(ClusteredBus.join(small, options));
    open.add(bus);
    return bus;
  }

  private ClusteredBus start(ClusterHost host) throws Exception {
    ClusteredBus bus = join(BusOptions.host(host, list, Optional.empty()));
    LocalRecords.register(bus.vertx());
    JournalOptions journal =
        new JournalOptions(
            folder.resolve(host.id()),
            host.id(),
            list,
            Optional.empty(),
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
    return bus;
  }

  private ClusteredBus guest() throws Exception {
    return join(BusOptions.guest("127.0.0.1", 0, list, Optional.empty()));
  }

  private static JsonObject event(String id, String moment, String transition) {
    JsonObject event =
        new JsonObject()
            .put("version", 1)
            .put("eventId", id)
            .put("environmentId", "2rRwFAqBXfd")
            .put("moment", moment)
            .put("detectors", new JsonArray().add("ITS"));
    return transition.isEmpty() ? event : event.put("transition", transition);
  }

  private static Optional<ClusterStatus> status(ClusteredBus host) {
    try {
      return Optional.of(
          get(
              host.vertx()
                  .eventBus()
                  .<ClusterStatus>request(BusAddresses.CLUSTER_STATUS, null, LocalRecords.LOCAL)
                  .map(reply -> reply.body())));
    } catch (Exception notOpen) {
      return Optional.empty();
    }
  }

  private ClusteredBus leader() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                hosts.stream()
                    .filter(host -> status(host).filter(ClusterStatus::leading).isPresent())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static State stateOn(ClusteredBus host) throws Exception {
    StateChanged known =
        get(
            host.vertx()
                .eventBus()
                .<StateChanged>request(BusAddresses.ENVIRONMENT_STATE, null, LocalRecords.LOCAL)
                .map(reply -> reply.body()));
    var environment = known.state().environments().get("2rRwFAqBXfd");
    return environment == null ? State.UNKNOWN : environment.state();
  }

  @Test
  void aGuestReachesTheLeaderAndItsSuccessorAndWhatItRepeatsIsAppliedOnce() throws Exception {
    EventSender sender = new EventSender(guest().vertx(), PATIENCE);
    EventSender other = new EventSender(hosts.get(1).vertx(), PATIENCE);

    assertThat(get(sender.send(event("1", "CREATED", ""))).verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(get(other.send(event("1", "CREATED", ""))).verdict()).isEqualTo(Verdict.DUPLICATE);
    EnvironmentEventRecord record =
        EnvironmentEventRecord.newBuilder()
            .setVersion(1)
            .setEventId("2")
            .setEnvironmentId("2rRwFAqBXfd")
            .setMoment("ENTERED")
            .setTransition("DEPLOY")
            .build();
    assertThat(get(sender.send(record)).verdict()).isEqualTo(Verdict.APPLIED);

    ClusteredBus leader = leader();
    hosts.remove(leader);
    open.remove(leader);
    Future<TransitionReply> during = sender.send(event("3", "ENTERED", "CONFIGURE"));
    get(leader.vertx().close());
    assertThat(get(during).verdict()).isIn(Verdict.APPLIED, Verdict.DUPLICATE);
    for (EventSender any :
        List.of(
            sender,
            new EventSender(hosts.get(0).vertx(), PATIENCE),
            new EventSender(hosts.get(1).vertx(), PATIENCE))) {
      assertThat(get(any.send(event("3", "ENTERED", "CONFIGURE"))).verdict())
          .isEqualTo(Verdict.DUPLICATE);
    }
    for (ClusteredBus host : hosts) {
      Awaitility.await().atMost(PATIENCE).until(() -> stateOn(host), State.CONFIGURED::equals);
    }
  }

  @Test
  void whatIsWrongComesBackAtOnceAndWhatIsNotKnownIsNamed() throws Exception {
    ClusteredBus guest = guest();
    EventSender sender = new EventSender(guest.vertx(), PATIENCE);
    get(sender.send(event("1", "CREATED", "")));

    assertRefused(
        sender.send(event("2", "ENTERED", "DEPLOY").put("version", 2)),
        FailureCode.REFUSED,
        "version: 2 (expected: 1 to 1)");
    assertRefused(
        sender.send(event("3", "NEVER", "DEPLOY")), FailureCode.REFUSED, "moment: \"NEVER\"");
    assertRefused(
        sender.send(event("4", "ENTERED", "DEPLOY").put("environmentId", "other")),
        FailureCode.UNKNOWN_ENVIRONMENT,
        "an event CREATED first");
    JsonObject reply =
        get(
            guest
                .vertx()
                .eventBus()
                .<JsonObject>request(
                    BusAddresses.ENVIRONMENT_TRANSITION,
                    event("5", "ENTERED", "DEPLOY").put("later", true))
                .map(answer -> answer.body()));
    assertThat(reply.getInteger("version")).isEqualTo(1);
    assertThat(reply.getString("verdict")).isEqualTo("APPLIED");
    assertThat(reply.getJsonArray("skipped")).containsExactly("later");
  }

  private static void assertRefused(Future<?> sent, FailureCode code, String part) {
    assertThatThrownBy(() -> get(sent))
        .cause()
        .isInstanceOf(ReplyException.class)
        .hasMessageContaining(part)
        .satisfies(failure -> assertThat(code.is(failure)).isTrue());
  }

  @Test
  void nothingOfOneHostIsToBeHadFromAnother() throws Exception {
    ClusteredBus guest = guest();
    get(new EventSender(guest.vertx(), PATIENCE).send(event("1", "CREATED", "")));
    for (String address :
        List.of(
            BusAddresses.ENVIRONMENT_STATE,
            BusAddresses.CLUSTER_STATUS,
            BusAddresses.JOURNAL_APPEND,
            BusAddresses.JOURNAL_STATUS)) {
      assertThatThrownBy(() -> get(guest.vertx().eventBus().request(address, null)))
          .hasMessageContaining("No handlers for address " + address);
    }
  }
}
