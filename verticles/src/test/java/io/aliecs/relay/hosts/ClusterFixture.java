package io.aliecs.relay.hosts;

import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.environment.HistoryOptions;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.journal.disk.JoinMarker;
import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.testkit.FreePort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Control hosts in one process, each with a journal and a bus of its own. For one thread.
 *
 * <p>One that is closed while it asks the others gets an answer that its event loop takes no more;
 * nobody who waits for something else is to fail by that.
 */
public final class ClusterFixture implements AutoCloseable {
  /** Kept journals are of environments that ended in 1970. */
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(LIMIT.toMillis());

  private static final int MOST_ADDRESSES = 10;

  private final Path folder;
  private final long snapshotEvery;
  private final Function<String, Optional<ClusterCertificates>> certificates;
  private Duration endGrace = HistoryOptions.DEFAULT_END_GRACE;
  private Duration electionTimeout = Duration.ofMillis(1_000);
  private final Map<String, ClusterHost> addresses = new HashMap<>();
  private final int firstPort = FreePort.find(MOST_ADDRESSES);
  private int given;
  private final Map<String, Vertx> running = new HashMap<>();

  public ClusterFixture(Path folder) {
    this(folder, 10_000);
  }

  public ClusterFixture(Path folder, long snapshotEvery) {
    this(folder, snapshotEvery, id -> Optional.empty());
  }

  /**
   * @param certificates of each host by its id; empty for plain text
   */
  public ClusterFixture(
      Path folder,
      long snapshotEvery,
      Function<String, Optional<ClusterCertificates>> certificates) {
    this.folder = folder;
    this.snapshotEvery = snapshotEvery;
    this.certificates = certificates;
  }

  /** How long AliECS may take to tell an end, on hosts that start from now on. */
  public ClusterFixture withEndGrace(Duration grace) {
    endGrace = grace;
    return this;
  }

  /** The least time without a leader before an election; the most is twice that. */
  ClusterFixture withElectionTimeout(Duration least) {
    electionTimeout = least;
    return this;
  }

  /** The address that a host has from now on. */
  ClusterHost host(String id) {
    return addresses.computeIfAbsent(id, name -> new ClusterHost(name, "127.0.0.1", port()));
  }

  private int port() {
    return firstPort + given++;
  }

  /** Another address for a host that does not run. */
  void moveElsewhere(String id) {
    addresses.remove(id);
  }

  /** Starts a host whose settings name these. */
  public void start(String id, String... listed) throws Exception {
    Vertx vertx = Vertx.vertx();
    running.put(id, vertx);
    LocalRecords.register(vertx);
    JournalOptions options =
        new JournalOptions(
            folder.resolve(id),
            id,
            Stream.of(listed).map(this::host).toList(),
            false,
            certificates.apply(id),
            electionTimeout,
            electionTimeout.multipliedBy(2),
            snapshotEvery,
            100_000,
            1L << 26);
    vertx
        .deployVerticle(
            new EnvironmentVerticle(
                options,
                new HistoryOptions(50, FOR_EVER, endGrace),
                new SimpleMeterRegistry(),
                Clock.systemUTC()))
        .await();
  }

  public void stop(String id) throws Exception {
    running.remove(id).close().await();
  }

  /** Takes everything off the disk of a host that does not run. */
  void wipe(String id) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(id))) {
      files.sorted(Comparator.reverseOrder()).forEach(ClusterFixture::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ClusterStatus status(String id) throws Exception {
    return ask(id, BusAddresses.CLUSTER_STATUS, null);
  }

  /** What a host says of its journal. */
  ComponentStatus journal(String id) throws Exception {
    return ask(id, BusAddresses.JOURNAL_STATUS, null);
  }

  public RelayState state(String id) throws Exception {
    HostState known = ask(id, BusAddresses.HOST_STATE, null);
    return known.newest().state();
  }

  public int environments(String id) throws Exception {
    return state(id).environments().size();
  }

  /** Has the leader put commands into its journal. */
  public void append(String leader, List<Command> commands) throws Exception {
    for (Command command : commands) {
      Object body =
          command instanceof EnvironmentEvent event ? new EventBatch(List.of(event)) : command;
      ask(leader, BusAddresses.JOURNAL_APPEND, body);
    }
  }

  /** Sends the leader an event and says what became of it; fails when it is refused. */
  public TransitionReply send(String leader, EnvironmentEvent event) throws Exception {
    return ask(leader, BusAddresses.ENVIRONMENT_TRANSITION, event);
  }

  List<String> members(String id) throws Exception {
    return status(id).members().stream().map(ClusterStatus.Member::id).toList();
  }

  /** Changes the hosts by asking this one. */
  ClusterStatus change(String id, ClusterChange change) throws Exception {
    return ask(id, BusAddresses.CLUSTER_CHANGE, change);
  }

  /** Waits until one of these hosts leads, and says which. */
  public String awaitLeader(String... ids) {
    return await()
        .dontCatchUncaughtExceptions()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> leading(ids), Optional::isPresent)
        .orElseThrow();
  }

  Optional<String> leading(String... ids) throws Exception {
    for (String id : ids) {
      if (status(id).leading()) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  /** Waits until a host has everything, tells it and has a vote. */
  public void awaitWhole(String id) {
    await()
        .dontCatchUncaughtExceptions()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () -> {
              ClusterStatus status = status(id);
              return status.current()
                  && status.behind() == 0
                  && status.index() >= 0
                  && !state(id).journalId().isEmpty()
                  && !new JoinMarker(folder.resolve(id)).isSet();
            });
  }

  /** Has the leader track one more environment; it is safe then. */
  public void create(String leader, String environmentId) throws Exception {
    EnvironmentEvent event =
        EnvironmentEvent.builder(environmentId, EventType.CREATED, 1)
            .eventId(environmentId)
            .build();
    await()
        .dontCatchUncaughtExceptions()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> ask(leader, BusAddresses.ENVIRONMENT_TRANSITION, event));
  }

  @SuppressWarnings("unchecked")
  private <T> T ask(String id, String address, Object body) throws Exception {
    return (T) running.get(id).eventBus().request(address, body, PATIENT).await().body();
  }

  @Override
  public void close() throws Exception {
    Future.all(running.values().stream().map(Vertx::close).toList()).await();
  }
}
