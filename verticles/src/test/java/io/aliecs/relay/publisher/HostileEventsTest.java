package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Whatever a sender says is refused in words or is told to readers once, in order and unaltered; it
 * stops nothing. With a real journal and a real broker.
 */
@Tag("slow")
class HostileEventsTest {
  private static Path folder;
  private static EmbeddedKafka kafka;
  private static PublishingHost host;
  private static int said;

  @BeforeContainer
  static void start() throws Exception {
    folder = Files.createTempDirectory("hostile");
    kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
    host = new PublishingHost(folder.resolve("journal"));
    host.settle(true, kafka.bootstrapServers());
    host.awaitPublishing();
  }

  @AfterContainer
  static void stop() throws Exception {
    host.close();
    kafka.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 15, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void whatIsNotRefusedInWordsIsPublishedOnceAsItIs(@ForAll("events") List<JsonObject> events)
      throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    for (JsonObject event : events) {
      sent.add(host.send(event));
    }
    for (Future<?> one : sent) {
      one.otherwiseEmpty().await();
      if (one.failed()) {
        assertRefusedInWords(one.cause());
      }
    }
    String sound = "sound" + said++;
    for (JsonObject event : host.life(sound, 77)) {
      host.send(event).await();
    }
    host.awaitDrained();
    assertPublished(host.state());
  }

  private static void assertRefusedInWords(Throwable failure) {
    assertThat(failure).isInstanceOf(ReplyException.class);
    assertThat(((ReplyException) failure).failureCode())
        .isIn(FailureCode.REFUSED.code(), FailureCode.UNKNOWN_ENVIRONMENT.code());
    assertThat(failure.getMessage()).isNotBlank().hasSizeLessThan(1_000);
  }

  private static void assertPublished(RelayState state) throws Exception {
    List<String> expected =
        Stream.concat(state.environments().values().stream(), state.ended().stream())
            .flatMap(HostileEventsTest::messages)
            .toList();
    List<ConsumerRecord<String, byte[]>> records =
        TopicReader.readAll(kafka.bootstrapServers(), "read_committed");
    List<String> found = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      if (!PublishedAudit.startsPublishing(record)) {
        String subject = TopicReader.header(record, "ce_subject");
        found.add(subject + " " + TopicReader.header(record, "ce_cause") + " " + record.topic());
        assertReadable(record, subject);
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(records).extracting(r -> TopicReader.header(r, "ce_id")).doesNotHaveDuplicates();
  }

  private static Stream<String> messages(Environment environment) {
    return environment.timeline().stream()
        .filter(step -> step.publishing())
        .flatMap(
            step ->
                step.topics().stream()
                    .map(topic -> environment.id() + " " + step.eventId() + " " + topic));
  }

  private static void assertReadable(ConsumerRecord<String, byte[]> record, String subject)
      throws Exception {
    if (record.topic().equals(Topics.ACTIVE_RUNS)) {
      assertThat(ActiveRunsList.parseFrom(record.value()).getTimestamp()).isPositive();
      return;
    }
    NewStateNotification told = NewStateNotification.parseFrom(record.value());
    assertThat(told.getEnvInfo().getEnvironmentId()).isEqualTo(subject).isEqualTo(record.key());
    assertThat(told.getTimestamp()).isPositive();
    assertThat(record.topic()).matches(Topics.perEnvironment()::contains);
  }

  @Provide
  Arbitrary<List<JsonObject>> events() {
    Arbitrary<String> names = Arbitraries.of("CREATED", "BEFORE", "LEAVING", "ENTERED", "OBSERVED");
    Arbitrary<Object> moments =
        anything(
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, names),
                net.jqwik.api.Tuple.of(
                    1, Arbitraries.of("DESTROYED", "FAILED", "RUN_OBSERVED", "EXPLODED", ""))));
    Arbitrary<Object> transitions =
        anything(
            Arbitraries.of(
                "DEPLOY", "CONFIGURE", "START_ACTIVITY", "STOP_ACTIVITY", "GO_ERROR", "X"));
    Arbitrary<Object> states = anything(Arbitraries.of("STANDBY", "RUNNING", "DONE", "<b>"));
    Arbitrary<Object> runs =
        Arbitraries.of(0, 1, 7, 4_294_967_295L, 4_294_967_296L, -1, 1.5, "7", true);
    Arbitrary<Object> times =
        Arbitraries.of(1L, 1_795_000_000_000L, 0L, -1L, Long.MAX_VALUE, "now", 1.5);
    Arbitrary<Integer> given = Arbitraries.integers().between(0, 63);
    return Combinators.combine(ids(), moments, transitions, states, runs, detectors(), times, given)
        .as(HostileEventsTest::event)
        .list()
        .ofSize(40)
        .map(HostileEventsTest::inThisTry);
  }

  private static Arbitrary<Object> ids() {
    return anything(
        Arbitraries.of(
            "plain",
            "\"quoted\" 'too'",
            "<script>alert(1)</script>&amp;",
            "two\nlines\r\n\tand\0nothing",
            "ünïcödé 😀 \u202Eback",
            "../../etc/passwd",
            "",
            "i".repeat(240),
            "k".repeat(10_240)));
  }

  private static Arbitrary<Object> detectors() {
    return Arbitraries.of(
        new JsonArray().add("TPC").add("ITS"),
        new JsonArray(),
        new JsonArray().add("<b>").add("new\nline").add("\"").add("d".repeat(128)),
        new JsonArray().add(""),
        new JsonArray().add(1).addNull(),
        new JsonArray().add("e".repeat(10_240)),
        new JsonArray(java.util.Collections.nCopies(129, "ITS")),
        "[\"ITS\"",
        7);
  }

  /** Mostly what it should be like, else of another kind. */
  private static Arbitrary<Object> anything(Arbitrary<String> usual) {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(12, usual.map(text -> (Object) text)),
        net.jqwik.api.Tuple.of(1, Arbitraries.of(1, true, new JsonObject(), new JsonArray())));
  }

  private static JsonObject event(
      Object id,
      Object moment,
      Object transition,
      Object state,
      Object run,
      Object detectors,
      Object time,
      int given) {
    JsonObject event = new JsonObject().put("environmentId", id).put("moment", moment);
    put(event, given & 1, "transition", transition);
    put(event, given & 2, "state", state);
    put(event, given & 4, "runNumber", run);
    put(event, given & 8, "detectors", detectors);
    put(event, given & 16, "timestamp", time);
    return event;
  }

  private static void put(JsonObject event, int given, String name, Object value) {
    if (given != 0) {
      event.put(name, value);
    }
  }

  /** Environments of its own for each try: what has ended does not come back. */
  private static List<JsonObject> inThisTry(List<JsonObject> events) {
    int tried = said++;
    for (JsonObject event : events) {
      event.put("eventId", "hostile-" + said++);
      if (event.getValue("environmentId") instanceof String id && !id.isEmpty()) {
        event.put("environmentId", id + "/" + tried);
      }
    }
    return events;
  }
}
