package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.environment.HistoryOptions;
import io.aliecs.relay.ingest.IngestVerticle;
import io.aliecs.relay.ingest.mapping.Workflows;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.lab.Await;
import io.aliecs.relay.publisher.PublisherVerticle;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.testkit.FreePort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Journal and publisher as in production, of one host or of several in this process, and a sender
 * on the event bus of the one that leads.
 */
final class BenchHost implements AutoCloseable {
  private static final KafkaClientProperties NO_CLIENT_PROPERTIES =
      new KafkaClientProperties(Map.of());
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final List<Vertx> all = new ArrayList<>();
  private Vertx vertx;

  private BenchHost(Path journals, int hosts, boolean streams) throws Exception {
    int firstPort = FreePort.find(hosts);
    List<ClusterHost> listed =
        IntStream.range(0, hosts)
            .mapToObj(i -> new ClusterHost("host-" + i, LOOPBACK, firstPort + i))
            .toList();
    for (ClusterHost host : listed) {
      Vertx one = Vertx.vertx();
      all.add(one);
      deploy(one, journals.resolve(host.id()), host.id(), listed, streams);
    }
    vertx = all.get(0);
  }

  /** Starts them and waits until one publishes. */
  static BenchHost start(Path journals, String bootstrapServers, int hosts) throws Exception {
    return start(journals, bootstrapServers, hosts, false);
  }

  /** Starts one that follows AliECS's stream, and waits until it publishes. */
  static BenchHost following(Path journal, String bootstrapServers) throws Exception {
    return start(journal, bootstrapServers, 1, true);
  }

  private static BenchHost start(Path journals, String bootstrapServers, int hosts, boolean streams)
      throws Exception {
    BenchHost host = new BenchHost(journals, hosts, streams);
    Await.need(LIMIT, "a leader", host::findLeader);
    host.await("leads", state -> !state.journalId().isEmpty());
    host.vertx
        .eventBus()
        .publish(
            BusAddresses.SETTINGS_CHANGED,
            new PublishingSettings(true, List.of(bootstrapServers), true, 1, 1),
            LocalRecords.LOCAL);
    host.await("publishes", state -> state.epoch() > 0 && state.outbox().size() == 0);
    return host;
  }

  private boolean findLeader() {
    Optional<Vertx> leader = all.stream().filter(BenchHost::leads).findFirst();
    leader.ifPresent(found -> vertx = found);
    return leader.isPresent();
  }

  private static boolean leads(Vertx one) {
    return one.eventBus()
        .<ClusterStatus>request(BusAddresses.CLUSTER_STATUS, null, LocalRecords.LOCAL)
        .await()
        .body()
        .leading();
  }

  private static void deploy(
      Vertx one, Path journal, String id, List<ClusterHost> listed, boolean streams)
      throws Exception {
    LocalRecords.register(one);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    PublisherOptions publisher =
        new PublisherOptions(
            TopicNames.USUAL,
            "bench",
            1,
            (short) 1,
            1,
            false,
            false,
            Duration.ofSeconds(2),
            false,
            NO_CLIENT_PROPERTIES);
    JournalOptions options =
        new JournalOptions(
            journal,
            id,
            listed,
            listed.size() == 1,
            Optional.empty(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            10_000,
            1_000_000,
            256L * 1024 * 1024);
    one.deployVerticle(new PublisherVerticle(publisher, false, meters, Clock.systemUTC()))
        .await(LIMIT.toSeconds(), TimeUnit.SECONDS);
    IngestOptions stream =
        new IngestOptions(
            streams,
            "",
            IngestOptions.History.TRACK,
            IngestOptions.DEFAULT_RUN_GRACE,
            Workflows.USUAL,
            IngestOptions.DEFAULT_QUIET_AFTER,
            NO_CLIENT_PROPERTIES);
    one.deployVerticle(new IngestVerticle(stream, meters))
        .await(LIMIT.toSeconds(), TimeUnit.SECONDS);
    one.deployVerticle(
            new EnvironmentVerticle(
                options,
                new HistoryOptions(100, Duration.ofDays(7), HistoryOptions.DEFAULT_END_GRACE),
                meters,
                Clock.systemUTC()))
        .await(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Sends an event; ends when it is safe. Any thread. */
  Future<?> send(JsonObject event) {
    return vertx.eventBus().request(BusAddresses.ENVIRONMENT_TRANSITION, event);
  }

  /** Waits until it has that environment in that state. */
  void awaitState(String environmentId, State wanted) throws InterruptedException {
    await(
        environmentId + " in " + wanted,
        state ->
            state.environments().containsKey(environmentId)
                && state.environments().get(environmentId).state() == wanted);
  }

  /** Waits until Kafka has everything. */
  void awaitDrained() throws InterruptedException {
    await("drained", state -> state.outbox().size() == 0);
  }

  private void await(String what, Predicate<RelayState> wanted) throws InterruptedException {
    Await.need(LIMIT, what, () -> isReached(wanted));
  }

  private boolean isReached(Predicate<RelayState> wanted) {
    try {
      return wanted.test(state());
    } catch (ReplyException failed) {
      if (FailureCode.NOT_READY.is(failed)) {
        return false;
      }
      throw failed;
    }
  }

  private RelayState state() {
    return vertx
        .eventBus()
        .<HostState>request(BusAddresses.HOST_STATE, null, LocalRecords.LOCAL)
        .await()
        .body()
        .newest()
        .state();
  }

  @Override
  public void close() throws TimeoutException {
    Future.all(all.stream().map(Vertx::close).toList()).await(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
