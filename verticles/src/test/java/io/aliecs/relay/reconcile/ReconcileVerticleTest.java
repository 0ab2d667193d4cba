package io.aliecs.relay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.testkit.FakeCore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The leader brings what it tracks into line with a real gRPC server's answer. */
@ExtendWith(VertxExtension.class)
class ReconcileVerticleTest {
  private static final String ENV = "2oDvieFrVTi";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ReconcileTiming QUICK =
      new ReconcileTiming(
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofMillis(20),
          Duration.ofMillis(500));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Vertx vertx;
  private FakeCore core;
  private String deployed;
  private volatile RelayState state = RelayState.EMPTY;
  private volatile Leadership leadership = new Leadership(false, 0, "");
  private volatile ComponentStatus ingest = new ComponentStatus(true, "reading", "", 1);

  @BeforeEach
  void begin(Vertx vertx) throws Exception {
    this.vertx = vertx;
    LocalRecords.register(vertx);
    core = FakeCore.start(vertx, 0).await();
    vertx.eventBus().<Command>localConsumer(BusAddresses.JOURNAL_APPEND, this::append);
    vertx
        .eventBus()
        .localConsumer(
            BusAddresses.HOST_STATE,
            m ->
                m.reply(
                    new HostState(new StateChanged(1, state, Set.of(), 1), leadership),
                    LocalRecords.LOCAL));
    vertx
        .eventBus()
        .localConsumer(BusAddresses.INGEST_STATUS, m -> m.reply(ingest, LocalRecords.LOCAL));
    deploy(core.address());
  }

  @Test
  void aRunThatTheCoreDoesNotHaveEndsWhenThisHostBeginsToLead() {
    running();

    lead(true);

    await().atMost(LIMIT).until(() -> state.environments().isEmpty());
    await()
        .atMost(LIMIT)
        .until(
            () -> meters.get("relay.core.reconciled").tag("kind", "ended").counter().count() == 1);
    await().atMost(LIMIT).until(() -> comparison().comparedAt() > 0);
    assertThat(comparison().found())
        .singleElement()
        .matches(one -> one.kind().equals("ended") && one.environmentId().equals(ENV));
  }

  private CoreComparison comparison() {
    return vertx
        .eventBus()
        .<CoreComparison>request(BusAddresses.RECONCILE_FOUND, null, LocalRecords.LOCAL)
        .await()
        .body();
  }

  @Test
  void whatOnlyTheCoreHasIsAdoptedAtTheNextInterval() throws Exception {
    lead(true);
    await().atMost(LIMIT).until(() -> status().state().equals("answering"));

    core.put(core("CONFIGURED"));

    await().atMost(LIMIT).until(() -> state.environments().containsKey(ENV));
  }

  @Test
  void aRequestIsAnsweredOnceWhatFollowsIsInTheJournal() throws Exception {
    lead(true);
    await().atMost(LIMIT).until(() -> status().state().equals("answering"));
    running();

    request();

    assertThat(state.environments()).isEmpty();
  }

  @Test
  void aHostThatDoesNotLeadAsksNothing() {
    running();

    assertThatThrownBy(this::request).matches(FailureCode.NOT_LEADER::is);
    lead(false);
    assertThat(status().state()).isEqualTo("waiting");
    assertThat(answering()).isNaN();
    assertThat(state.environments()).containsKey(ENV);
  }

  @Test
  void aCoreThatDoesNotAnswerChangesNothingAndIsAskedAgain() throws Exception {
    core.answerWith(GrpcStatus.UNAVAILABLE);
    running();
    lead(true);

    await().atMost(LIMIT).until(() -> status().state().equals("failing"));
    assertThat(status().healthy()).isFalse();
    assertThat(status().reason()).contains(core.address(), "UNAVAILABLE");
    assertThat(answering()).isZero();
    assertThatThrownBy(this::request).matches(FailureCode.NOT_READY::is);
    assertThat(state.environments()).containsKey(ENV);

    core.answerWith(GrpcStatus.OK);
    await().atMost(LIMIT).until(() -> state.environments().isEmpty());
    await().atMost(LIMIT).until(() -> status().healthy());
    await().atMost(LIMIT).until(() -> answering() == 1);

    lead(false);
    await().atMost(LIMIT).until(() -> Double.isNaN(answering()));
  }

  @Test
  void aCoreWhoseNameNobodyKnowsIsNamedWithTheKeyThatItIsFrom() throws Exception {
    vertx.undeploy(deployed).await();
    deploy("nosuch.invalid:32102");

    lead(true);

    await().atMost(LIMIT).until(() -> status().state().equals("failing"));
    assertThat(status().reason())
        .startsWith("nosuch.invalid:32102: no such name")
        .contains("it is from aliecs.core", "it is asked again every");
  }

  private void deploy(String address) throws Exception {
    ReconcileOptions options = new ReconcileOptions(address, false, "", Duration.ofSeconds(1));
    deployed =
        vertx
            .deployVerticle(
                new ReconcileVerticle(options, QUICK, name -> true, meters, Clock.systemUTC()))
            .await();
  }

  @Test
  void aRoundThatEndsWhenThisHostDoesNotLeadAnyMoreSaysNothingOfTheCore() {
    core.answerWith(GrpcStatus.UNAVAILABLE);
    ingest = new ComponentStatus(true, "connecting", "", 1); // the round waits for the stream
    lead(true);
    lead(false);
    assertThat(status().state()).isEqualTo("waiting");

    await().atMost(LIMIT).until(() -> asked("failed") == 1);

    assertThat(status().state()).isEqualTo("waiting");
    assertThat(status().healthy()).isTrue();
    assertThat(answering()).isNaN();
  }

  private double asked(String outcome) {
    return meters.get("relay.core.answers").tag("outcome", outcome).counter().count();
  }

  private double answering() {
    return meters.get("relay.core.answering").gauge().value();
  }

  @Test
  void nothingIsDecidedBeforeItIsKnownWhereTheStreamIs() {
    ingest = new ComponentStatus(false, "waiting", "no endpoint", 1);
    running();
    lead(true);
    ingest = new ComponentStatus(true, "connecting", "", 1);

    await().atMost(LIMIT).until(() -> status().state().equals("failing"));
    assertThat(state.environments()).containsKey(ENV);
  }

  @Test
  void theCoreCountsWhereThereIsNoStreamToRead() {
    ingest = new ComponentStatus(false, "waiting", "no endpoint", 1);
    running();
    lead(true);

    await().atMost(LIMIT).until(() -> state.environments().isEmpty());
  }

  @Test
  void nothingIsDecidedWhileTheStreamIsBehind() {
    ingest = new ComponentStatus(true, "connecting", "", 1);
    running();
    lead(true);

    await().atMost(LIMIT).until(() -> status().reason().contains("not read up to now"));
    assertThat(status().state()).isEqualTo("failing");
    assertThat(state.environments()).containsKey(ENV);

    ingest = new ComponentStatus(true, "reading", "", 1);
    await().atMost(LIMIT).until(() -> state.environments().isEmpty());
  }

  private void running() {
    long past = System.currentTimeMillis() - 60_000;
    apply(
        EnvironmentEvent.builder(ENV, EventType.OBSERVED, past)
            .eventId("event")
            .observed(true)
            .state(State.RUNNING)
            .runNumber(500_001L)
            .build());
  }

  private static EnvironmentInfo core(String environmentState) {
    return EnvironmentInfo.newBuilder()
        .setId(ENV)
        .setCreatedWhen(System.currentTimeMillis() - 60_000)
        .setState(environmentState)
        .build();
  }

  private synchronized RelayState.Applied apply(Command command) {
    RelayState.Applied applied = state.apply(command);
    state = applied.state();
    return applied;
  }

  private void append(Message<Command> message) {
    RelayState.Applied applied = apply(message.body());
    message.reply(new TransitionReply(applied.verdict(), applied.reason()), LocalRecords.LOCAL);
  }

  private void lead(boolean leading) {
    leadership = new Leadership(leading, 1, "test");
    vertx.eventBus().publish(BusAddresses.LEADERSHIP_CHANGED, leadership, LocalRecords.LOCAL);
  }

  private void request() throws Exception {
    vertx.eventBus().request(BusAddresses.RECONCILE_REQUEST, null, LocalRecords.LOCAL).await();
  }

  private ComponentStatus status() {
    try {
      return vertx
          .eventBus()
          .<ComponentStatus>request(BusAddresses.RECONCILE_STATUS, null, LocalRecords.LOCAL)
          .await()
          .body();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }
}
