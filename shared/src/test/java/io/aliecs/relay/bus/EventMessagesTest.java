package io.aliecs.relay.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.aliecs.relay.proto.journal.Names;
import io.aliecs.relay.proto.journal.Position;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventMessagesTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final String VALID =
      """
      {"eventId": "e-1", "environmentId": "2oDvieFrVTi", "moment": "ENTERED",
       "transition": "START_ACTIVITY", "state": "RUNNING", "runNumber": 500000,
       "runType": "PHYSICS", "detectors": ["ITS", "TPC"], "kafkaEnabled": true,
       "timestamp": 1600000000000, "enteredAt": 1600000000001, "observed": true}
      """;

  @SuppressWarnings("unused") // by name
  private static final List<String> ODD_IDS =
      List.of(
          "\"quoted\"",
          "'; DROP TABLE runs; --",
          "<script>alert(1)</script>&amp;",
          "two\nlines\r\tand a tab",
          "\u0000\u001b[31m",
          "é\u202E\uD83D\uDE00",
          "x".repeat(256));

  private static EnvironmentEvent overProto(EnvironmentEvent event)
      throws InvalidProtocolBufferException {
    byte[] wire = EventMessages.toProto(event).toByteArray();
    return EventMessages.fromProto(EnvironmentEventRecord.parseFrom(wire), NOW);
  }

  private static EnvironmentEvent overJson(EnvironmentEvent event) {
    JsonObject json =
        new JsonObject()
            .put("eventId", event.eventId())
            .put("environmentId", event.environmentId())
            .put("moment", event.type().name())
            .put("transition", event.transition() == null ? null : event.transition().name())
            .put("state", event.state() == null ? null : event.state().name())
            .put("runNumber", event.runNumber())
            .put("runType", event.runType())
            .put("detectors", event.detectors())
            .put("kafkaEnabled", event.kafkaEnabled())
            .put("timestamp", event.timestamp())
            .put("enteredAt", event.enteredAt())
            .put("observed", event.observed());
    return EventMessages.fromJson(new JsonObject(json.encode()), NOW);
  }

  @Provide
  Arbitrary<EnvironmentEvent> events() {
    Arbitrary<String> ids =
        Arbitraries.strings()
            .all()
            .ofMinLength(1)
            .ofMaxLength(20)
            .filter(EventMessagesTest::isText);
    Arbitrary<Long> times = Arbitraries.longs().between(1, Long.MAX_VALUE);
    Arbitrary<EnvironmentEvent.Builder> named =
        Combinators.combine(
                ids,
                ids,
                Arbitraries.of(EventType.class),
                Arbitraries.of(Transition.class),
                Arbitraries.of(State.class).injectNull(0.2),
                times)
            .as(
                (id, eventId, moment, transition, state, at) ->
                    EnvironmentEvent.builder(id, moment, at)
                        .eventId(eventId)
                        .transition(transition)
                        .state(state));
    return Combinators.combine(
            named,
            Arbitraries.longs().between(1, EnvironmentEvent.MAX_RUN_NUMBER).injectNull(0.2),
            ids.injectNull(0.2),
            ids.list().ofMaxSize(4).injectNull(0.2),
            Arbitraries.of(true, false).injectNull(0.3),
            times.injectNull(0.3),
            Arbitraries.of(true, false))
        .as(
            (event, run, type, detectors, kafkaEnabled, enteredAt, observed) ->
                event
                    .runNumber(run)
                    .runType(type)
                    .detectors(detectors)
                    .kafkaEnabled(kafkaEnabled)
                    .enteredAt(enteredAt)
                    .observed(observed)
                    .build());
  }

  private static boolean isText(String value) {
    return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(value);
  }

  @Property
  void anEventSurvivesProtobuf(@ForAll("events") EnvironmentEvent event)
      throws InvalidProtocolBufferException {
    assertThat(overProto(event)).isEqualTo(event);
  }

  @Property
  void anEventSurvivesJson(@ForAll("events") EnvironmentEvent event) {
    assertThat(overJson(event)).isEqualTo(event);
  }

  @Test
  void thePlaceInTheStreamSurvivesProtobuf() throws InvalidProtocolBufferException {
    EnvironmentEvent event =
        EnvironmentEvent.builder("env", EventType.CREATED, 1)
            .eventId("e")
            .source(new SourcePosition(new SourcePartition("aliecs.run", 3), Long.MAX_VALUE))
            .build();
    assertThat(overProto(event)).isEqualTo(event);
  }

  @Test
  void everyFieldIsReadFromJson() {
    assertThat(EventMessages.fromJson(new JsonObject(VALID), NOW))
        .isEqualTo(
            EnvironmentEvent.builder("2oDvieFrVTi", EventType.ENTERED, 1_600_000_000_000L)
                .eventId("e-1")
                .transition(Transition.START_ACTIVITY)
                .state(State.RUNNING)
                .runNumber(500_000L)
                .runType("PHYSICS")
                .detectors(List.of("ITS", "TPC"))
                .kafkaEnabled(true)
                .enteredAt(1_600_000_000_001L)
                .observed(true)
                .build());
  }

  @Test
  void whatIsNotThereIsAbsentAndTheTimeIsNow() {
    EnvironmentEvent expected =
        EnvironmentEvent.builder("env", EventType.CREATED, NOW).eventId("e").build();
    JsonObject json =
        new JsonObject().put("eventId", "e").put("environmentId", "env").put("moment", "CREATED");
    assertThat(EventMessages.fromJson(json, NOW)).isEqualTo(expected);
    json.putNull("runNumber").putNull("detectors").putNull("timestamp");
    assertThat(EventMessages.fromJson(json, NOW)).isEqualTo(expected);
    EnvironmentEventRecord record =
        EnvironmentEventRecord.newBuilder()
            .setEventId("e")
            .setEnvironmentId("env")
            .setMoment("CREATED")
            .build();
    assertThat(EventMessages.fromProto(record, NOW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL})
  void runNumbersAreUnsigned(long run) throws InvalidProtocolBufferException {
    EnvironmentEvent event =
        EnvironmentEvent.builder("env", EventType.OBSERVED, 1).eventId("e").runNumber(run).build();
    assertThat(overProto(event).runNumber()).isEqualTo(run);
    assertThat(overJson(event).runNumber()).isEqualTo(run);
  }

  @ParameterizedTest
  @FieldSource("ODD_IDS")
  void oddIdsStayAsTheyAre(String id) throws InvalidProtocolBufferException {
    EnvironmentEvent event = EnvironmentEvent.builder(id, EventType.CREATED, 1).eventId(id).build();
    assertThat(overProto(event)).isEqualTo(event);
    assertThat(overJson(event)).isEqualTo(event);
  }

  static Stream<Arguments> wrongFields() {
    return Stream.of(
        wrong("eventId", null, "absent", "a text"),
        wrong("eventId", 7, "7", "a text"),
        wrong("eventId", "", "\"\" of 0 characters", "1 to 512 characters"),
        wrong("eventId", "x".repeat(513), "513 characters", "1 to 512 characters"),
        wrong("environmentId", null, "absent", "a text"),
        wrong("environmentId", "", "0 characters", "1 to 256 characters"),
        wrong("environmentId", "x".repeat(10_240), "10240 characters", "1 to 256 characters"),
        wrong("environmentId", List.of("a"), "[\"a\"]", "a text"),
        wrong("moment", null, "absent", "a text"),
        wrong("moment", "entered", "\"entered\"", "ENTERED, FAILED"),
        wrong("transition", "START", "\"START\"", "START_ACTIVITY"),
        wrong("state", "running", "\"running\"", "RUNNING"),
        wrong("state", "<b>".repeat(1_000), "<b>", "RUNNING"),
        wrong("runNumber", 0, "0", "1 to 4294967295"),
        wrong("runNumber", -1, "-1", "1 to 4294967295"),
        wrong("runNumber", 4_294_967_296L, "4294967296", "1 to 4294967295"),
        wrong("runNumber", 1.5, "1.5", "a whole number"),
        wrong("runNumber", 1e300, "1.0E300", "a whole number"),
        wrong("runNumber", "500000", "500000", "a whole number"),
        wrong("runNumber", BigInteger.ONE.shiftLeft(64).add(BigInteger.ONE), "1844", "a whole"),
        wrong("runType", 5, "5", "a text"),
        wrong("runType", "x".repeat(129), "129 characters", "0 to 128 characters"),
        wrong("detectors", "ITS,TPC", "ITS,TPC", "a list of texts"),
        wrong("detectors", new JsonArray().add("ITS").add(3), "3", "a list of texts"),
        wrong("detectors", new JsonArray().add("ITS").addNull(), "null", "a list of texts"),
        wrong("detectors", new JsonArray().add(""), "0 characters", "1 to 128 characters"),
        wrong("detectors", new JsonArray(java.util.Collections.nCopies(129, "D")), "129", "128"),
        wrong("kafkaEnabled", "true", "true", "true or false"),
        wrong("timestamp", 0, "0", "ms since epoch, above 0"),
        wrong("timestamp", -1, "-1", "ms since epoch, above 0"),
        wrong("timestamp", "2026-01-01", "2026-01-01", "a whole number"),
        wrong("enteredAt", 0, "0", "ms since epoch, above 0"),
        wrong("observed", "yes", "yes", "true or false"),
        wrong("version", 2, "2", "1 to 1"),
        wrong("version", 0, "0", "1 to 1"),
        wrong("version", "1", "1", "a whole number"));
  }

  @Test
  void fieldsOfALaterVersionAreSkippedAndNamed() {
    JsonObject known = new JsonObject(VALID);
    JsonObject more = known.copy().put("runnumber", 5).put("source", new JsonObject());
    assertThat(EventMessages.unknownFields(known.put("version", 1))).isEmpty();
    assertThat(EventMessages.unknownFields(more)).containsExactly("runnumber", "source");
    assertThat(EventMessages.fromJson(more, NOW)).isEqualTo(EventMessages.fromJson(known, NOW));
  }

  @Test
  void aReplyHasItsVersionWithIt() {
    assertThat(new TransitionReply(Verdict.APPLIED, "because").toJson())
        .isEqualTo(
            new JsonObject().put("version", 1).put("verdict", "APPLIED").put("reason", "because"));
  }

  private static Arguments wrong(String field, Object value, String found, String expected) {
    return Arguments.of(field, value, found, expected);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("wrongFields")
  void whatIsWrongIsNamedWithWhatWasExpected(
      String field, Object value, String found, String expected) {
    JsonObject json = new JsonObject(new JsonObject(VALID).put(field, value).encode());
    assertThatThrownBy(() -> EventMessages.fromJson(json, NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(field + ": ")
        .hasMessageContaining(found)
        .hasMessageContaining("(expected: ")
        .hasMessageContaining(expected)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEFORE", "LEAVING", "ENTERED"})
  void aSenderHasToNameTheTransition(String moment) {
    JsonObject json = new JsonObject(VALID).put("moment", moment).put("observed", false);
    json.remove("transition");
    assertThatThrownBy(() -> EventMessages.fromJson(json, NOW))
        .hasMessageStartingWith("transition: absent (expected: ")
        .hasMessageContaining(moment);
  }

  static Stream<Arguments> wrongRecords() {
    return Stream.of(
        Arguments.of("version", valid().setVersion(2)),
        Arguments.of("eventId", valid().clearEventId()),
        Arguments.of("environmentId", valid().clearEnvironmentId()),
        Arguments.of("moment", valid().clearMoment()),
        Arguments.of("moment", valid().setMoment("NEVER")),
        Arguments.of("transition", valid().setTransition("JUMP")),
        Arguments.of("transition", valid().clearTransition()),
        Arguments.of("state", valid().setState("PENDING")),
        Arguments.of("runNumber", valid().setRunNumber(0)),
        Arguments.of("runType", valid().setRunType("x".repeat(200))),
        Arguments.of("detectors", valid().setDetectors(Names.newBuilder().addName(""))),
        Arguments.of("timestamp", valid().setTimestamp(-5)),
        Arguments.of("enteredAt", valid().setEnteredAt(0)),
        Arguments.of("source", valid().setSource(Position.newBuilder().setOffset(1))),
        Arguments.of(
            "offset", valid().setSource(Position.newBuilder().setTopic("t").setOffset(-1))));
  }

  private static EnvironmentEventRecord.Builder valid() {
    return EnvironmentEventRecord.newBuilder()
        .setEventId("e-1")
        .setEnvironmentId("env")
        .setMoment("ENTERED")
        .setTransition("DEPLOY")
        .setTimestamp(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRecords")
  void whatIsWrongInProtobufIsNamedToo(String field, EnvironmentEventRecord.Builder record) {
    assertThat(EventMessages.fromProto(valid().build(), NOW).transition())
        .isEqualTo(Transition.DEPLOY);
    assertThatThrownBy(() -> EventMessages.fromProto(record.build(), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(field + ": ")
        .hasMessageContaining("(expected: ");
  }
}
