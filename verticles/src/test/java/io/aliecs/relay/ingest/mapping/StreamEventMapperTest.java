package io.aliecs.relay.ingest.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.Upstream;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import io.aliecs.relay.proto.events.WorkflowTemplateInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamEventMapperTest {
  private static final SourcePosition ENVIRONMENT = at(StreamEventMapper.ENVIRONMENTS, 5);
  private static final SourcePosition RUN = at(StreamEventMapper.RUNS, 5);

  private final Upstream upstream = new Upstream("2oDvieFrVTi");

  @ParameterizedTest
  @CsvSource({
    "DEPLOY, STANDBY, 0",
    "CONFIGURE, DEPLOYED, 0",
    "STOP_ACTIVITY, RUNNING, 7",
    "RESET, CONFIGURED, 0",
    "RECOVER, ERROR, 0",
    "GO_ERROR, RUNNING, 7",
    "EXIT, CONFIGURED, 0"
  })
  void mapsTheTwelveEventsOfATransition(Transition transition, State from, long run) {
    State to = transition.destination();

    List<String> mapped =
        upstream.transition(transition, from, run).stream().map(this::described).toList();

    assertThat(mapped)
        .containsExactly(
            "OBSERVED " + from,
            "STEP",
            "STEP",
            "LEAVING " + from,
            "STEP",
            "STEP",
            "STEP",
            "ENTERED " + to,
            "STEP",
            "STEP",
            "STEP",
            (transition == Transition.EXIT ? "ENTERED " : "OBSERVED ") + to);
  }

  @Test
  void announcesARunFromTheEventThatFirstHasItsNumber() {
    List<Event> events = upstream.transition(Transition.START_ACTIVITY, State.CONFIGURED, 42);

    assertThat(events.stream().map(this::described))
        .containsExactly(
            "OBSERVED CONFIGURED",
            "NO_RUN_NUMBER",
            "BEFORE CONFIGURED",
            "LEAVING CONFIGURED",
            "STEP",
            "STEP",
            "STEP",
            "ENTERED RUNNING",
            "STEP",
            "STEP",
            "STEP",
            "OBSERVED RUNNING");
    assertThat(event(events.get(0)).runNumber()).isNull();
    EnvironmentEvent before = event(events.get(2));
    assertThat(before.runNumber()).isEqualTo(42);
    assertThat(before.transition()).isEqualTo(Transition.START_ACTIVITY);
    assertThat(event(events.get(7)).runNumber()).isEqualTo(42);
  }

  @Test
  void everyEventIsObservedAndTellsWhereItIs() {
    EnvironmentEvent created = event(upstream.created("[]", "PHYSICS"));

    assertThat(created.observed()).isTrue();
    assertThat(created.source()).isEqualTo(ENVIRONMENT);
    assertThat(created.environmentId()).isEqualTo("2oDvieFrVTi");
    assertThat(created.timestamp()).isEqualTo(upstream.now());
  }

  @Test
  void takesTheVariablesOfANewEnvironment() {
    EnvironmentEvent created =
        event(
            upstream.created(
                Map.of(
                    "detectors", "[\"TPC\",\"ITS\"]",
                    "run_type", "PHYSICS",
                    "kafka_enabled", "true",
                    "enter_state_time_ms", "1700000000123")));

    assertThat(created.type()).isEqualTo(EventType.CREATED);
    assertThat(created.state()).isEqualTo(State.STANDBY);
    assertThat(created.detectors()).containsExactly("TPC", "ITS");
    assertThat(created.runType()).isEqualTo("PHYSICS");
    assertThat(created.kafkaEnabled()).isTrue();
    assertThat(created.enteredAt()).isEqualTo(1_700_000_000_123L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "TRUE", " true", "1", ""})
  void onlyTheExactWordSwitchesPublishingOn(String value) {
    assertThat(event(upstream.created(Map.of("kafka_enabled", value))).kafkaEnabled()).isFalse();
  }

  @Test
  void anEnvironmentWithoutAVariableOfItsOwnLeavesItToTheDefault() {
    assertThat(event(upstream.created(Map.of("detectors", "[]"))).kafkaEnabled()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "[1]", "[\"ITS\"", "[\"\"]", "ITS TPC", "[[\"ITS\"]]"})
  void brokenDetectorsAreLeftOutAndNoted(String detectors) {
    MappingResult.Event mapped =
        (MappingResult.Event) map(upstream.created(Map.of("detectors", detectors)));

    assertThat(mapped.event().detectors()).isNull();
    assertThat(mapped.warnings())
        .singleElement()
        .extracting(MappingResult.Warning::field)
        .isEqualTo("detectors");
    assertThat(mapped.warnings().get(0).reason()).contains("expected: ");
  }

  @Test
  void theGoodNamesAmongTheDetectorsStay() {
    MappingResult.Event mapped =
        (MappingResult.Event)
            map(upstream.created(Map.of("detectors", "[\"ITS\", 7, \"\", \"TPC\"]")));

    assertThat(mapped.event().detectors()).containsExactly("ITS", "TPC");
    assertThat(mapped.warnings()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "readout-dataflow, '', readout-dataflow, true",
    "'', git/workflows/readout-dataflow@master, readout-dataflow, true",
    "'', git@host/workflows/o2-roc-config, o2-roc-config, false",
    "resources-cleanup, a/readout-dataflow, resources-cleanup, false",
    "'', '', , ",
    "'', @, , ",
  })
  void theWorkflowIsTheNameOrTheEndOfThePath(
      String name, String path, @Nullable String workflow, @Nullable Boolean meant) {
    Event.Builder event = upstream.created(Map.of()).toBuilder();
    event
        .getEnvironmentEventBuilder()
        .setWorkflowTemplateInfo(WorkflowTemplateInfo.newBuilder().setName(name).setPath(path));

    assertThat(event(event.build()))
        .returns(workflow, EnvironmentEvent::workflow)
        .returns(meant, EnvironmentEvent::workflowMeant);
  }

  @Test
  void aTransitionToErrorThatFailedLeadsThereAllTheSame() {
    Event.Builder event =
        upstream
            .step("GO_ERROR", "", OpStatus.DONE_ERROR, "transition error", "RUNNING", 7)
            .toBuilder();
    event.getEnvironmentEventBuilder().setError("it did not go");

    assertThat(described(event.build())).isEqualTo("OBSERVED ERROR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cannot create new environment",
        "cannot get newly created environment",
        "cannot load workflow"
      })
  void theFailureOfACreationIsNoNews(String message) {
    assertThat(described(upstream.step("", "", OpStatus.NULL, message, "ERROR", 0)))
        .isEqualTo("CREATION");
  }

  @Test
  void theStartOfACoreIsACommandOfItsOwnTopic() {
    SourcePosition place = at(StreamEventMapper.CORE, 3);
    Event event = upstream.coreStart();

    assertThat(StreamEventMapper.map(place, 1, event.toByteArray(), Workflows.USUAL))
        .isEqualTo(
            new MappingResult.CoreStart(
                new Command.CoreStarted(
                    "core/" + event.getTimestampNano() + "ns", event.getTimestamp(), place)));
    assertThat(described(event)).isEqualTo("OTHER_PAYLOAD");
  }

  @Test
  void everyOtherBrokenVariableIsLeftOutAndNoted() {
    Map<String, String> variables =
        Map.of("detectors", "[]", "run_type", "x".repeat(129), "enter_state_time_ms", "soon");

    MappingResult.Event mapped = (MappingResult.Event) map(upstream.created(variables));

    assertThat(mapped.event().runType()).isNull();
    assertThat(mapped.event().enteredAt()).isNull();
    assertThat(mapped.warnings())
        .extracting(MappingResult.Warning::field)
        .containsExactlyInAnyOrder("run_type", "enter_state_time_ms");
  }

  @ParameterizedTest
  @CsvSource({
    // transition, step, status, message, state → what it means
    "CREATE, before_CREATE, STARTED, instantiating, PENDING, CREATION",
    "CREATE, CREATE, DONE_ERROR, x, PENDING, CREATION",
    "CREATE, after_CREATE, DONE_ERROR, x, STANDBY, CREATION",
    "CREATE, after_CREATE, DONE_OK, workflow loaded, MIXED, OTHER_STATE",
    "'', '', NULL, cannot create new environment, ERROR, CREATION",
    "'', '', NULL, GO_ERROR transition imminent, RUNNING, OBSERVED RUNNING",
    "'', '', NULL, x, MIXED, OTHER_STATE",
    "'', '', NULL, x, UNKNOWN, OTHER_STATE",
    "CONFIGURE, '', DONE_ERROR, transition error, DEPLOYED, FAILED DEPLOYED",
    "CONFIGURE, '', DONE_TIMEOUT, transition error, DEPLOYED, FAILED DEPLOYED",
    "EXIT, '', DONE_ERROR, transition error, DONE, ENTERED DONE",
    "CONFIGURE, '', ONGOING, x, DEPLOYED, STEP",
    "STOP_ACTIVITY, leave_RUNNING, DONE_ERROR, transition step finished, RUNNING, STEP",
    "STOP_ACTIVITY, leave_RUNNING, ONGOING, transition step finished, RUNNING, STEP",
    "EXIT, leave_DONE, ONGOING, transition step starting, DONE, OTHER_STATE",
    "PAUSE, leave_RUNNING, ONGOING, transition step starting, RUNNING, OTHER_TRANSITION",
    "RESUME, enter_RUNNING, ONGOING, transition step starting, RUNNING, ENTERED RUNNING",
    "PAUSE, enter_PAUSED, ONGOING, transition step starting, PAUSED, OTHER_STATE",
    "DESTROY, before_DESTROY, STARTED, x, CONFIGURED, STEP",
    "DESTROY, leave_CONFIGURED, ONGOING, x, CONFIGURED, LEAVING CONFIGURED",
    "DESTROY, DESTROY, ONGOING, x, CONFIGURED, STEP",
    "DESTROY, after_DESTROY, ONGOING, running DESTROY hooks, CONFIGURED, DESTROYED null",
    "DESTROY, after_DESTROY, DONE_OK, x, DONE, DESTROYED null",
    "START_ACTIVITY, before_START_ACTIVITY, ONGOING, x, RUNNING, OTHER_STATE",
  })
  void mapsWhatIsOutsideOfASmoothTransition(
      String transition,
      String step,
      OpStatus status,
      String message,
      String state,
      String expected) {
    Event event = upstream.step(transition, step, status, message, state, 7);

    assertThat(described(event)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "START_ACTIVITY, STARTED, CONFIGURED, 7, BEFORE CONFIGURED",
    "START_ACTIVITY, DONE_OK, RUNNING, 7, RUN_OBSERVED RUNNING",
    "STOP_ACTIVITY, STARTED, RUNNING, 7, RUN_OBSERVED RUNNING",
    "STOP_ACTIVITY, DONE_OK, CONFIGURED, 7, RUN_OBSERVED CONFIGURED",
    "STOP_ACTIVITY, DONE_OK, RUNNING, 7, OTHER_STATE",
    "GO_ERROR, STARTED, RUNNING, 7, STEP",
    "GO_ERROR, DONE_OK, ERROR, 7, RUN_OBSERVED ERROR",
    "TEARDOWN, STARTED, RUNNING, 7, TORN_DOWN null",
    "START_ACTIVITY, STARTED, CONFIGURED, 0, NO_RUN_NUMBER",
    "START_ACTIVITY, DONE_ERROR, CONFIGURED, 7, STEP",
  })
  void mapsRunEvents(String transition, OpStatus status, String state, long run, String expected) {
    Event event = upstream.run(transition, status, state, run);

    assertThat(described(StreamEventMapper.map(RUN, 1, event.toByteArray(), Workflows.USUAL)))
        .isEqualTo(expected);
  }

  @Test
  void runNumbersUseAllOfTheWire() {
    Event event = upstream.run(Transition.START_ACTIVITY, OpStatus.DONE_OK, "RUNNING", 0xFFFFFFFFL);

    MappingResult.Event mapped =
        (MappingResult.Event) StreamEventMapper.map(RUN, 1, event.toByteArray(), Workflows.USUAL);
    assertThat(mapped.event().runNumber()).isEqualTo(0xFFFFFFFFL);
  }

  @Test
  void theTimeIsThatOfTheEventThenItsNanosecondsThenThatOfTheRecord() {
    Event event = upstream.created(Map.of());
    Event nano = event.toBuilder().clearTimestamp().setTimestampNano(5_000_000_999L).build();
    Event none = event.toBuilder().clearTimestamp().clearTimestampNano().build();

    assertThat(event(event).timestamp()).isEqualTo(upstream.now());
    assertThat(event(nano).timestamp()).isEqualTo(5_000);
    assertThat(event(none).timestamp()).isEqualTo(99);
    assertThat(StreamEventMapper.map(ENVIRONMENT, -1, none.toByteArray(), Workflows.USUAL))
        .isInstanceOf(MappingResult.Malformed.class)
        .asString()
        .contains("timestamp: 0", "expected: ");
  }

  @Test
  void theSameContentHasTheSameIdWhereverItIs() {
    Event event = upstream.created(Map.of());
    MappingResult again =
        StreamEventMapper.map(
            at(StreamEventMapper.ENVIRONMENTS, 6), 1, event.toByteArray(), Workflows.USUAL);

    assertThat(((MappingResult.Event) again).event().eventId()).isEqualTo(event(event).eventId());
    assertThat(event(event).eventId())
        .isEqualTo("2oDvieFrVTi/1700000000001000007ns/CREATE/after_CREATE/DONE_OK//STANDBY");
  }

  @Test
  void theEventsOfALifeHaveIdsOfTheirOwn() {
    List<String> ids = new ArrayList<>();
    for (Event event : upstream.untilRunning(7)) {
      if (map(event) instanceof MappingResult.Event mapped) {
        ids.add(mapped.event().eventId());
      }
    }

    assertThat(ids).hasSizeGreaterThan(10).doesNotHaveDuplicates();
  }

  @Test
  void longIdsAreBoundedAndStayApart() {
    Upstream other = new Upstream("e".repeat(256));
    String first = event(other.created(Map.of())).eventId();
    String second = event(other.created(Map.of())).eventId();

    assertThat(first).hasSizeLessThanOrEqualTo(256).isNotEqualTo(second);
  }

  @Test
  void anEnvironmentWithoutAnIdOrWithAnEndlessOneIsMalformed() {
    for (String id : List.of("", "x\n".repeat(5_000))) {
      MappingResult mapped = map(new Upstream(id).created(Map.of()));

      assertThat(mapped).isInstanceOf(MappingResult.Malformed.class);
      assertThat(((MappingResult.Malformed) mapped).reason())
          .contains("environmentId", "expected: 1 to 256 characters")
          .doesNotContain("\n");
    }
  }

  @Test
  void whatIsNotForTheRelayIsSkipped() {
    byte[] heartbeat = {(byte) 0xb2, 0x06, 0x00};
    Event run = upstream.run(Transition.START_ACTIVITY, OpStatus.DONE_OK, "RUNNING", 7);

    assertThat(described(StreamEventMapper.map(ENVIRONMENT, 1, null, Workflows.USUAL)))
        .isEqualTo("EMPTY");
    assertThat(described(StreamEventMapper.map(ENVIRONMENT, 1, new byte[0], Workflows.USUAL)))
        .isEqualTo("EMPTY");
    assertThat(described(StreamEventMapper.map(ENVIRONMENT, 1, heartbeat, Workflows.USUAL)))
        .isEqualTo("OTHER_PAYLOAD");
    assertThat(described(run)).isEqualTo("OTHER_PAYLOAD");
  }

  @Test
  void bytesThatAreNoProtobufAreMalformed() {
    MappingResult mapped =
        StreamEventMapper.map(ENVIRONMENT, 1, new byte[] {0x5a, 0x7f, 1}, Workflows.USUAL);

    assertThat(mapped).isInstanceOf(MappingResult.Malformed.class);
    assertThat(((MappingResult.Malformed) mapped).reason())
        .contains("3 bytes", "expected: a protobuf events.Event");
  }

  @Test
  void aFailedCreationNeverMakesAnEnvironmentAppear() {
    List<Event> events =
        List.of(
            upstream.step("CREATE", "before_CREATE", OpStatus.STARTED, "x", "PENDING", 0),
            upstream.step("CREATE", "CREATE", OpStatus.DONE_ERROR, "x", "PENDING", 0),
            upstream.step("", "", OpStatus.NULL, "cannot create new environment", "ERROR", 0));
    for (Event event : events) {
      assertThat(map(event)).isInstanceOf(MappingResult.Skipped.class);
    }
  }

  @Test
  void invalidTextIsMalformed() {
    byte[] broken =
        Event.newBuilder()
            .setTimestamp(1)
            .setEnvironmentEvent(Ev_EnvironmentEvent.newBuilder().setEnvironmentId("abc"))
            .build()
            .toByteArray();
    broken[broken.length - 1] = (byte) 0xff;

    assertThat(StreamEventMapper.map(ENVIRONMENT, 1, broken, Workflows.USUAL))
        .isInstanceOf(MappingResult.Malformed.class);
  }

  private String described(Event event) {
    return described(map(event));
  }

  private static String described(MappingResult mapped) {
    if (mapped instanceof MappingResult.Event told) {
      return told.event().type() + " " + told.event().state();
    }
    return mapped instanceof MappingResult.Skipped skipped
        ? skipped.reason().name()
        : ((MappingResult.Malformed) mapped).reason();
  }

  private EnvironmentEvent event(Event event) {
    return ((MappingResult.Event) map(event)).event();
  }

  private MappingResult map(Event event) {
    return StreamEventMapper.map(ENVIRONMENT, 99, event.toByteArray(), Workflows.USUAL);
  }

  private static SourcePosition at(String topic, long offset) {
    return new SourcePosition(new SourcePartition(topic, 0), offset);
  }
}
