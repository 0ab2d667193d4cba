package io.aliecs.relay.hosts;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ClusterStatus.Member;
import io.aliecs.relay.journal.Journal;
import io.aliecs.relay.journal.JournalOptions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for the status of the cluster, and notices what Ratis does not notify of: that
 * the leader has been silent for a while. Lives on one context; its timer and its consumer end with
 * the verticle.
 */
public final class ClusterWatch {
  private static final long LOOK_MS = 100;
  private static final long END_MS = 10_000;
  private static final String LEADERLESS =
      "no leader is known; one is elected as soon as a majority of the hosts hear each other"
          + " (expected: every host of cluster.hosts runs and is reached)";

  private final Vertx vertx;
  private final Supplier<Leadership> leadership;
  private final Consumer<Leadership> lead;
  private final Runnable caughtUp;
  private final Supplier<@Nullable Journal> journal;
  private final JoinProtocol joining;
  private final ReplayBarrier replay = new ReplayBarrier();
  private final ClusterHosts hosts;
  private final NewHosts newHosts;
  private final HostNames names;
  private final Optional<CertificateWatch> certificates;
  private final long patienceMs;
  private long looking;

  /**
   * @param options those of the journal
   * @param journal the open journal, null for none; asked from any thread
   * @param leadership as it was published last
   * @param lead called when a follower has lost its leader, or found it again
   * @param caughtUp called again and again once all that was safe at the start is applied here
   */
  public ClusterWatch(
      Vertx vertx,
      JournalOptions options,
      Supplier<@Nullable Journal> journal,
      Supplier<Leadership> leadership,
      Consumer<Leadership> lead,
      Runnable caughtUp) {
    this.vertx = vertx;
    this.journal = journal;
    this.leadership = leadership;
    this.lead = lead;
    this.caughtUp = caughtUp;
    this.joining = new JoinProtocol(vertx, options);
    this.hosts = new ClusterHosts(vertx, options, journal);
    this.newHosts = new NewHosts(vertx, options);
    this.names = new HostNames(vertx, options);
    this.certificates = options.tls().map(files -> new CertificateWatch(vertx, files));
    this.patienceMs = options.patience().toMillis();
  }

  public void start(MeterRegistry meters) {
    vertx.eventBus().localConsumer(BusAddresses.CLUSTER_STATUS, this::answer);
    hosts.start();
    names.start();
    certificates.ifPresent(watch -> watch.start(meters));
    looking = vertx.setPeriodic(LOOK_MS, timer -> look());
    Gauge.builder("relay.cluster.current", this, watch -> watch.read(s -> s.current() ? 1 : 0))
        .description("1 on a host that hears from the leader, or as leader from a majority")
        .register(meters);
    Gauge.builder("relay.cluster.behind", this, watch -> watch.read(ClusterStatus::behind))
        .description("Journal entries that are safe and not applied on this host, -1 if not known")
        .register(meters);
    Gauge.builder("relay.cluster.term", this, watch -> watch.read(ClusterStatus::term))
        .description("Term of the journal as this host knows it")
        .register(meters);
    FunctionCounter.builder("relay.cluster.refused", this, ClusterWatch::refused)
        .description("Requests at the port of the journal that no host of the cluster may make")
        .register(meters);
  }

  /** Stops looking; completes when what it has begun is over, or has taken too long. */
  public Future<?> stop() {
    vertx.cancelTimer(looking);
    return joining.end().timeout(END_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  /** Why no leader is known, for people. */
  public String whyLeaderless() {
    Journal open = journal.get();
    if (open != null && open.isOver()) {
      return "this host was taken out of the cluster (expected: to be stopped)";
    }
    String waitsFor = joining.waitsFor();
    return Stream.of(waitsFor.isEmpty() ? LEADERLESS : waitsFor, names.problem())
        .filter(why -> !why.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** What is wrong with the cluster, for people; empty when all is well. */
  public String problems() {
    return Stream.of(
            names.problem(),
            hosts.difference(),
            certificates.map(CertificateWatch::problem).orElse(""),
            missing())
        .filter(problem -> !problem.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** Only a host that leads knows of the others. */
  private String missing() {
    Journal open = journal.get();
    ClusterStatus status = open == null ? null : open.status();
    if (status == null || !status.leading()) {
      return "";
    }
    String missing =
        status.members().stream()
            .filter(member -> member.heardMs() < 0 || member.heardMs() > patienceMs)
            .map(Member::id)
            .collect(Collectors.joining(", "));
    return missing.isEmpty() ? "" : missing + " not heard of (expected: every host)";
  }

  private double refused() {
    Journal open = journal.get();
    return open == null ? 0 : open.guard().refused();
  }

  private double read(ToDoubleFunction<ClusterStatus> value) {
    Journal open = journal.get();
    return open == null ? Double.NaN : value.applyAsDouble(open.status());
  }

  private void answer(Message<Object> message) {
    Journal open = journal.get();
    if (open == null) {
      message.fail(FailureCode.NOT_READY.code(), "the journal is not open");
    } else {
      ClusterStatus status = open.status();
      message.reply(
          certificates.map(watch -> status.withCertificate(watch.until())).orElse(status),
          LocalRecords.LOCAL);
    }
  }

  private void look() {
    Journal open = journal.get();
    if (open == null) {
      return;
    }
    ClusterStatus status = open.status();
    joining.look(open);
    hosts.look(open, status);
    newHosts.look(open, status);
    if (replay.isOver(status)) {
      caughtUp.run();
    }
    Leadership published = leadership.get();
    if (published.leading() || status.leading()) {
      // Ratis notifies the journal when this host begins and ends to lead.
      return;
    }
    String leader = status.current() ? status.leaderId() : "";
    if (!leader.equals(published.leaderId()) && !leader.equals(status.hostId())) {
      lead.accept(new Leadership(false, status.term(), leader));
    }
  }
}
