package io.aliecs.relay.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.hosts.ClusterFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Ends that are to be expected are carried out by the leader, once the grace is over. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class EndKeeperTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofMillis(1_200);
  private static final String ENV = "2env";
  private static final long RUN = 7;

  private Vertx vertx;
  private final AtomicReference<RelayState> state = new AtomicReference<>(RelayState.EMPTY);
  private final AtomicBoolean leading = new AtomicBoolean(true);
  private final AtomicInteger refusals = new AtomicInteger();
  private final List<Command> appended = new CopyOnWriteArrayList<>();
  private final long began = System.currentTimeMillis();

  @BeforeEach
  void run(Vertx vertx) {
    this.vertx = vertx;
    apply(event(EventType.CREATED, -100).detectors(List.of("ITS")).kafkaEnabled(true));
    apply(event(EventType.ENTERED, -99).transition(Transition.DEPLOY));
    apply(event(EventType.ENTERED, -98).transition(Transition.CONFIGURE));
    apply(event(EventType.ENTERED, -97).transition(Transition.START_ACTIVITY).runNumber(RUN));
  }

  private Future<?> append(Command command) {
    if (refusals.getAndDecrement() > 0) {
      return Future.failedFuture(FailureCode.NOT_READY.because("the journal takes nothing"));
    }
    appended.add(command);
    state.set(state.get().apply(command).state());
    return Future.succeededFuture();
  }

  /** An event that lies so many ms from when the test has begun. */
  private EnvironmentEvent.Builder event(EventType type, long at) {
    return EnvironmentEvent.builder(ENV, type, began + at).eventId(type + " " + at);
  }

  private void apply(EnvironmentEvent.Builder event) {
    RelayState.Applied applied = state.get().apply(event.build());
    assertThat(applied.verdict()).as(applied.reason()).isEqualTo(Verdict.APPLIED);
    state.set(applied.state());
  }

  private void tornDown(long at) {
    apply(event(EventType.TORN_DOWN, at).observed(true));
  }

  private void keep() {
    new EndKeeper(
            vertx,
            new HistoryOptions(10, Duration.ofDays(1), GRACE),
            Clock.systemUTC(),
            new LeaderDuty(leading::get, state::get, this::append))
        .start();
  }

  private boolean isTracked() {
    return state.get().environments().containsKey(ENV);
  }

  private void staysFor(Duration time) {
    await().during(time).atMost(LIMIT).until(this::isTracked);
  }

  @Test
  void anEndThatDoesNotComeWithinTheGraceIsCarriedOutOnce() {
    tornDown(0);
    keep();
    await().atMost(LIMIT).until(() -> !isTracked());

    assertThat(System.currentTimeMillis() - began).isGreaterThanOrEqualTo(GRACE.toMillis());
    assertThat(state.get().activeRuns()).isEmpty();
    assertThat(state.get().inferredEnds()).containsOnlyKeys(ENV);
    await().during(Duration.ofMillis(1_200)).atMost(LIMIT).until(() -> appended.size() == 1);
    Command.EnvironmentEnded ended = (Command.EnvironmentEnded) appended.get(0);
    assertThat(ended.cause()).isEqualTo(EndCause.TORN_DOWN);
    assertThat(ended.timestamp()).isEqualTo(began);
    assertThat(ended.asOf()).isEqualTo(began);
    assertThat(ended.by()).isEmpty();
  }

  @Test
  void nothingEndsWhoseEndIsNotToBeExpected() {
    keep();
    staysFor(GRACE.multipliedBy(2));
    assertThat(appended).isEmpty();
  }

  @Test
  void theGraceCountsFromWhenThisHostLeadsAndHasSeenIt() {
    leading.set(false);
    tornDown(0);
    keep();
    staysFor(GRACE.multipliedBy(2));
    assertThat(appended).isEmpty();

    long since = System.currentTimeMillis();
    leading.set(true);
    await().atMost(LIMIT).until(() -> !isTracked());
    assertThat(System.currentTimeMillis() - since).isGreaterThanOrEqualTo(GRACE.toMillis());
  }

  @Test
  void itsOwnEndTakesThePlaceOfTheOneThatIsExpected() {
    tornDown(0);
    keep();
    apply(event(EventType.DESTROYED, 1).observed(true));
    await().during(GRACE.multipliedBy(2)).atMost(LIMIT).until(appended::isEmpty);
    assertThat(state.get().inferredEnds()).isEmpty();
  }

  @Test
  void newsOfItWithinTheGraceLetItLiveOn() {
    tornDown(0);
    keep();
    EnvironmentEvent alive =
        event(EventType.OBSERVED, 2).state(State.RUNNING).runNumber(RUN).observed(true).build();
    state.set(state.get().apply(alive).state());
    staysFor(GRACE.multipliedBy(2));
    assertThat(appended).isEmpty();
  }

  @Test
  void anotherSignBeginsTheGraceAnew() {
    tornDown(0);
    keep();
    staysFor(GRACE.dividedBy(2));
    EnvironmentEvent alive =
        event(EventType.OBSERVED, 2).state(State.RUNNING).runNumber(RUN).observed(true).build();
    state.set(state.get().apply(alive).state());
    long again = System.currentTimeMillis() - began;
    tornDown(again);
    await().atMost(LIMIT).until(() -> !isTracked());
    assertThat(System.currentTimeMillis() - began - again).isGreaterThanOrEqualTo(GRACE.toMillis());
  }

  @Test
  void nothingEndsBeforeTheTimeOfAliecsSaysSo() {
    long ahead = 3 * GRACE.toMillis();
    tornDown(ahead);
    keep();
    await().atMost(LIMIT).until(() -> !isTracked());
    assertThat(System.currentTimeMillis() - began).isGreaterThanOrEqualTo(ahead + GRACE.toMillis());
  }

  @Test
  void aJournalThatTakesNothingIsAskedAgain() {
    refusals.set(3);
    tornDown(0);
    keep();
    await().atMost(LIMIT).until(() -> !isTracked());
    assertThat(appended).hasSize(1);
  }

  @Test
  void anExpectedEndIsCarriedOutAfterARestartToo(@TempDir Path folder) throws Exception {
    try (ClusterFixture cluster = new ClusterFixture(folder).withEndGrace(GRACE)) {
      cluster.start("a", "a");
      cluster.awaitLeader("a");
      cluster.create("a", ENV);
      cluster.send("a", event(EventType.TORN_DOWN, 0).observed(true).build());
      assertThat(cluster.state("a").environments().get(ENV).ending()).isNotNull();
      cluster.stop("a");

      cluster.start("a", "a");
      cluster.awaitLeader("a");
      cluster.awaitWhole("a");
      await().atMost(LIMIT).until(() -> cluster.environments("a") == 0);
      assertThat(cluster.state("a").inferredEnds()).containsOnlyKeys(ENV);
    }
  }

  @Test
  void theLeaderOfSeveralHostsEndsItOnceForAll(@TempDir Path folder) throws Exception {
    try (ClusterFixture cluster = new ClusterFixture(folder).withEndGrace(GRACE)) {
      for (String host : List.of("a", "b", "c")) {
        cluster.start(host, "a", "b", "c");
      }
      String leader = cluster.awaitLeader("a", "b", "c");
      cluster.create(leader, ENV);
      cluster.send(leader, event(EventType.TORN_DOWN, 0).observed(true).build());
      cluster.stop(leader);

      List<String> left = List.of("a", "b", "c").stream().filter(h -> !h.equals(leader)).toList();
      cluster.awaitLeader(left.toArray(String[]::new));
      for (String host : left) {
        await().atMost(LIMIT).until(() -> cluster.environments(host) == 0);
        assertThat(cluster.state(host).ended().get(0).timeline()).hasSize(3);
      }
    }
  }
}
