package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UnknownFieldSet;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The messages of each life, all of them and each field, as the contract's §1 and §2 have them. */
class LifeIT {
  private static final List<String> GIVEN = List.of("TPC", "ITS", "FT0");
  private static final String[] SORTED = {"FT0", "ITS", "TPC"};

  private static final String BEFORE_START = "aliecs.before_start_activity";
  private static final String STATE = "aliecs.env_state.";
  private static final String LEAVE = "aliecs.env_leave_state.";

  private static Site site;
  private static HostProcess relay;

  private final List<String> expected = new ArrayList<>();
  private Instant now = Instant.ofEpochMilli(Instant.now().toEpochMilli());
  private String id;
  private Expected told;
  private AliEcsEvents aliEcs;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    site = Site.open(folder);
    // Each test waits until the run events have had their say: sooner than by default.
    relay = site.relay("life", Map.of("ingest.run-grace", "200")).start();
  }

  @AfterAll
  static void stop() throws Exception {
    int code = relay.terminate();
    site.close();
    assertThat(code).isZero();
  }

  @BeforeEach
  void begin(TestInfo test) throws Exception {
    site.topics().mark();
    id = "2" + test.getTestMethod().orElseThrow().getName();
    told = new Expected(id, GIVEN, "PHYSICS");
    aliEcs = AliEcsEvents.of(id, this::tick);
  }

  /** Each event has a time of its own. */
  private Instant tick() {
    now = now.plusMillis(1);
    return now;
  }

  @Test
  void fullLifeTellsEveryStateAndEveryLeaving() throws Exception {
    long configured = createDeployAndConfigure();
    long running = startRun(600_001, configured);

    EventTimes stop = transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE);
    long stopped = stop.starting("enter_CONFIGURED");
    expect(
        told.withRun(
            LEAVE + "RUNNING", "RUNNING", 600_001, running, stop.starting("leave_RUNNING")),
        told.idle(STATE + "CONFIGURED", "CONFIGURED", stopped, stopped),
        Expected.list(stopped));

    EventTimes reset = transition(AliEcsTransition.RESET, FailurePoint.NONE);
    long deployed = reset.starting("enter_DEPLOYED");
    expect(
        told.idle(LEAVE + "CONFIGURED", "CONFIGURED", stopped, reset.starting("leave_CONFIGURED")),
        told.idle(STATE + "DEPLOYED", "DEPLOYED", deployed, deployed),
        Expected.list(deployed));

    destroyFrom("DEPLOYED", deployed);
    assertMessages();
    assertHeaders();
  }

  @Test
  void failedStartLeavesItsAnnouncementAlone() throws Exception {
    long configured = createDeployAndConfigure();

    // Before it has a run number: nothing at all.
    site.write(aliEcs.startActivity(600_010, FailurePoint.BEFORE));

    EventTimes announced = start(600_011, FailurePoint.BEFORE_LATE);
    expect(
        told.withRun(
            BEFORE_START, "CONFIGURED", 600_011, configured, announced.announcing(600_011)));

    EventTimes leaving = start(600_012, FailurePoint.TASKS);
    expect(
        told.withRun(BEFORE_START, "CONFIGURED", 600_012, configured, leaving.announcing(600_012)),
        told.idle(
            LEAVE + "CONFIGURED", "CONFIGURED", configured, leaving.starting("leave_CONFIGURED")));
    site.awaitQuiet(relay);
    assertThat(relay.stateOf(id)).isEqualTo("CONFIGURED");

    long running = startRun(600_013, configured);
    forcedDestroy(600_013, running);
    assertMessages();
  }

  @Test
  void failedStopThenGoErrorEndsTheRunOnce() throws Exception {
    long running = startRun(600_021, createDeployAndConfigure());

    EventTimes stop = transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.TASKS);
    expect(
        told.withRun(
            LEAVE + "RUNNING", "RUNNING", 600_021, running, stop.starting("leave_RUNNING")));

    site.write(aliEcs.goErrorImminent("task died"));
    EventTimes goError = transition(AliEcsTransition.GO_ERROR, FailurePoint.NONE);
    long error = goError.starting("enter_ERROR");
    expect(told.idle(STATE + "ERROR", "ERROR", error, error), Expected.list(error));

    destroyFrom("ERROR", error);
    assertMessages();
  }

  @Test
  void goErrorFromRunningThenRecover() throws Exception {
    long running = startRun(600_031, createDeployAndConfigure());

    site.write(aliEcs.goErrorImminent("task died"));
    EventTimes goError = transition(AliEcsTransition.GO_ERROR, FailurePoint.NONE);
    long error = goError.starting("enter_ERROR");
    expect(
        told.withRun(
            LEAVE + "RUNNING", "RUNNING", 600_031, running, goError.starting("leave_RUNNING")),
        told.idle(STATE + "ERROR", "ERROR", error, error),
        Expected.list(error));

    EventTimes recover = transition(AliEcsTransition.RECOVER, FailurePoint.NONE);
    long deployed = recover.starting("enter_DEPLOYED");
    expect(
        told.idle(LEAVE + "ERROR", "ERROR", error, recover.starting("leave_ERROR")),
        told.idle(STATE + "DEPLOYED", "DEPLOYED", deployed, deployed),
        Expected.list(deployed));

    destroyFrom("DEPLOYED", deployed);
    assertMessages();
  }

  @Test
  void forcedDestroyFromRunningEndsTheRun() throws Exception {
    long running = startRun(600_041, createDeployAndConfigure());
    forcedDestroy(600_041, running);
    assertMessages();
  }

  @Test
  void exitTellsTheListAlone() throws Exception {
    long configured = createDeployAndConfigure();
    EventTimes exit = transition(AliEcsTransition.EXIT, FailurePoint.NONE);
    expect(
        told.idle(
            LEAVE + "CONFIGURED", "CONFIGURED", configured, exit.starting("leave_CONFIGURED")),
        Expected.list(exit.starting("enter_DONE")));
    assertMessages();
  }

  @Test
  void environmentWithKafkaOffIsSeenOverHttpAlone() throws Exception {
    site.write(aliEcs.created(new EnvironmentSetup(id, GIVEN, "PHYSICS", false)));
    site.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    site.write(aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    EventTimes start = site.write(aliEcs.startActivity(600_051, FailurePoint.NONE));
    site.awaitQuiet(relay);

    assertThat(relay.runs())
        .containsExactly(
            new JsonObject()
                .put("environmentId", id)
                .put("runNumber", 600_051)
                .put("runType", "PHYSICS")
                .put("state", "RUNNING")
                .put("detectors", new JsonArray(List.of((Object[]) SORTED)))
                .put("enteredAt", start.starting("enter_RUNNING"))
                .put("endAnnounced", false)
                .put("publish", false)
                .put("notPublishedBecause", "kafka_enabled was not true when it was created"));
    JsonObject shown = relay.get("/api/v1/environments/" + id).getJsonObject("environment");
    assertThat(shown.getBoolean("publish")).isFalse();
    assertThat(shown.getJsonArray("detectors").getList()).isEqualTo(GIVEN);
    assertThat(shown.getJsonArray("timeline"))
        .isNotEmpty()
        .allSatisfy(
            step ->
                assertThat(((JsonObject) step).getJsonArray("messages"))
                    .allSatisfy(
                        message ->
                            assertThat(((JsonObject) message).getString("status"))
                                .isEqualTo("off")));

    site.write(aliEcs.destroyed());
    assertMessages();
    assertThat(relay.runs()).isEmpty();
  }

  @Test
  void listsAreInTheirOrderWhateverStartedFirst() throws Exception {
    List<Expected> order =
        List.of(
            new Expected("2order-its-two", List.of("ITS", "TPC"), "PHYSICS"),
            new Expected("2order-three", List.of("TPC", "TOF", "TRD"), "COSMICS"),
            new Expected("2order-lower", List.of("TRD"), "PHYSICS"),
            new Expected("2order-its-alone", List.of("ITS"), "PHYSICS"));
    List<Long> runs = List.of(600_064L, 600_063L, 600_061L, 600_062L);
    List<List<String>> lists = new ArrayList<>();
    for (int starts : List.of(3, 2, 1, 0)) {
      start(order.get(starts), runs.get(starts));
      lists.add(order.subList(starts, 4).stream().map(Expected::environmentId).toList());
    }
    site.awaitQuiet(relay);
    assertThat(idsOfListsFrom(Published.SOR)).isEqualTo(lists);
    assertThat(relay.runs())
        .extracting(run -> run.getString("environmentId"))
        .isEqualTo(lists.get(3));

    site.topics().mark();
    for (int ends : List.of(1, 0, 3, 2)) {
      site.write(
          AliEcsEvents.in(order.get(ends).environmentId(), this::tick, "RUNNING", runs.get(ends))
              .destroyed());
    }
    site.awaitQuiet(relay);
    assertThat(idsOfListsFrom("aliecs.env_state.UNKNOWN"))
        .containsExactly(
            List.of("2order-its-two", "2order-lower", "2order-its-alone"),
            List.of("2order-lower", "2order-its-alone"),
            List.of("2order-lower"),
            List.of());
  }

  @Test
  void valuesHaveTheFieldNumbersOfTheContract() throws Exception {
    long running = startRun(0xFFFF_FFFFL, createDeployAndConfigure());
    site.awaitQuiet(relay);
    Published sor =
        site.topics().committed().stream()
            .filter(message -> message.topic().equals(Published.SOR))
            .findFirst()
            .orElseThrow();
    UnknownFieldSet value = UnknownFieldSet.parseFrom(sor.value());
    assertThat(value.asMap().keySet()).containsExactlyInAnyOrder(1, 2);
    assertThat(value.getField(2).getVarintList()).containsExactly(running);
    UnknownFieldSet info =
        UnknownFieldSet.parseFrom(value.getField(1).getLengthDelimitedList().get(0));
    assertThat(info.asMap().keySet()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
    assertThat(texts(info, 1)).containsExactly(id);
    assertThat(info.getField(2).getVarintList()).containsExactly(0xFFFF_FFFFL);
    assertThat(texts(info, 3)).containsExactly("PHYSICS");
    assertThat(texts(info, 4)).containsExactly("RUNNING");
    assertThat(texts(info, 5)).isEqualTo(GIVEN);
    assertThat(info.getField(6).getVarintList()).containsExactly(running);
    forcedDestroy(0xFFFF_FFFFL, running);
    assertMessages();
  }

  private static List<String> texts(UnknownFieldSet info, int field) {
    return info.getField(field).getLengthDelimitedList().stream()
        .map(bytes -> bytes.toStringUtf8())
        .toList();
  }

  // Steps of a life, with what is expected of them

  private long createDeployAndConfigure() throws Exception {
    EventTimes create =
        site.write(aliEcs.created(new EnvironmentSetup(id, GIVEN, "PHYSICS", true)));
    long created = create.saying("workflow loaded");
    long standby = create.creation();
    expect(told.idle(STATE + "STANDBY", "STANDBY", standby, created), Expected.list(created));

    EventTimes deploy = transition(AliEcsTransition.DEPLOY, FailurePoint.NONE);
    long deployed = deploy.starting("enter_DEPLOYED");
    expect(
        told.idle(LEAVE + "STANDBY", "STANDBY", standby, deploy.starting("leave_STANDBY")),
        told.idle(STATE + "DEPLOYED", "DEPLOYED", deployed, deployed),
        Expected.list(deployed));

    EventTimes configure = transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE);
    long configured = configure.starting("enter_CONFIGURED");
    expect(
        told.idle(LEAVE + "DEPLOYED", "DEPLOYED", deployed, configure.starting("leave_DEPLOYED")),
        told.idle(STATE + "CONFIGURED", "CONFIGURED", configured, configured),
        Expected.list(configured));
    site.write(aliEcs.announced());
    return configured;
  }

  private long startRun(long run, long configured) throws Exception {
    EventTimes start = start(run, FailurePoint.NONE);
    long running = start.starting("enter_RUNNING");
    expect(
        told.withRun(BEFORE_START, "CONFIGURED", run, configured, start.announcing(run)),
        told.idle(
            LEAVE + "CONFIGURED", "CONFIGURED", configured, start.starting("leave_CONFIGURED")),
        told.withRun(STATE + "RUNNING", "RUNNING", run, running, running),
        Expected.list(running, told.listed(run, running, SORTED)));
    return running;
  }

  /** AliECS runs its hooks, and says more, when the number of the run has been told for long. */
  private EventTimes start(long run, FailurePoint failure) throws Exception {
    EventTimes start = new EventTimes(aliEcs.startActivity(run, failure));
    for (SimulatedEvent event : start.events()) {
      site.write(List.of(event));
      if (event.topic().equals(SimulatedEvent.RUN_TOPIC)
          && event.event().getTimestamp() == start.announcing(run)) {
        await("run " + run + " is announced").until(() -> isAnnounced(run));
      }
    }
    return start;
  }

  private boolean isAnnounced(long run) throws Exception {
    return site.topics().committed().stream()
        .filter(message -> message.topic().equals(BEFORE_START))
        .anyMatch(message -> message.notification().getEnvInfo().getRunNumber() == (int) run);
  }

  private void destroyFrom(String state, long entered) throws Exception {
    EventTimes destroy = site.write(aliEcs.destroyed());
    long gone = destroy.saying("running DESTROY hooks");
    expect(
        told.idle(LEAVE + state, state, entered, destroy.saying("workflow teardown ongoing")),
        told.idle(STATE + "UNKNOWN", "UNKNOWN", entered, gone),
        Expected.list(gone));
  }

  private void forcedDestroy(long run, long running) throws Exception {
    EventTimes destroy = site.write(aliEcs.destroyed());
    long gone = destroy.saying("running DESTROY hooks");
    expect(
        told.withRun(
            LEAVE + "RUNNING",
            "RUNNING",
            run,
            running,
            destroy.saying("workflow teardown ongoing")),
        told.idle(STATE + "UNKNOWN", "UNKNOWN", running, gone),
        Expected.list(gone));
  }

  private EventTimes transition(AliEcsTransition transition, FailurePoint failure)
      throws Exception {
    return site.write(aliEcs.transition(transition, failure));
  }

  private void start(Expected environment, long run) throws Exception {
    String environmentId = environment.environmentId();
    AliEcsEvents events = AliEcsEvents.of(environmentId, this::tick);
    site.write(
        events.created(
            new EnvironmentSetup(
                environmentId, environment.detectors(), environment.runType(), true)));
    site.write(events.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    site.write(events.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    site.write(events.startActivity(run, FailurePoint.NONE));
  }

  private void expect(String... messages) {
    expected.addAll(List.of(messages));
  }

  // What was published

  /** Nothing but what is expected, in this order, whatever a reader's isolation level is. */
  private void assertMessages() throws Exception {
    site.awaitQuiet(relay);
    assertThat(site.topics().committed()).extracting(Published::text).isEqualTo(expected);
    assertThat(site.topics().uncommitted()).extracting(Published::text).isEqualTo(expected);
  }

  private void assertHeaders() throws Exception {
    List<Published> messages = site.topics().committed();
    assertThat(messages).extracting(Published::id).doesNotHaveDuplicates();
    for (Published message : messages) {
      long timestamp =
          message.isList() ? message.list().getTimestamp() : message.notification().getTimestamp();
      assertThat(message.headers())
          .containsAllEntriesOf(
              Map.of(
                  "ce_specversion",
                  "1.0",
                  "ce_source",
                  "/aliecs-relay",
                  "ce_type",
                  message.topic(),
                  "ce_subject",
                  id,
                  "ce_time",
                  Instant.ofEpochMilli(timestamp).toString(),
                  "content-type",
                  "application/protobuf"));
    }
  }

  /** The environments of the lists that came with messages of a topic, list by list. */
  private static List<List<String>> idsOfListsFrom(String topic) throws Exception {
    List<Published> all = site.topics().committed();
    List<Long> changes =
        all.stream().filter(m -> m.topic().equals(topic)).map(Published::sequence).toList();
    return all.stream()
        .filter(message -> message.isList() && changes.contains(message.sequence()))
        .map(
            message ->
                message.list().getActiveRunsList().stream()
                    .map(run -> run.getEnvironmentId())
                    .toList())
        .toList();
  }
}
