package io.aliecs.relay.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.stream.EventStreamClient.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RunStreamTest {
  private static final StreamOptions PATIENT =
      new StreamOptions(3, 16_384, 1, 50, 50, 1, 30_000, 60_000, 20);
  private static final StreamOptions IMPATIENT =
      new StreamOptions(3, 16_384, 1, 50, 50, 1, 200, 60_000, 20);

  private RunningWeb web = new RunningWeb(PATIENT);
  private final List<EventStreamClient> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(EventStreamClient::close);
    web.close();
  }

  private EventStreamClient client(String... headers) {
    EventStreamClient client = EventStreamClient.on(web, headers);
    clients.add(client);
    return client;
  }

  private static List<String> ids(JsonArray objects) {
    return objects.stream().map(o -> ((JsonObject) o).getString("environmentId")).toList();
  }

  /** The next change that brings the client to that journal index. */
  private Event changeTo(EventStreamClient client, long index) {
    Event event = client.next("change");
    while (event.json().getLong("journalIndex") < index) {
      event = client.next("change");
    }
    return event;
  }

  private long index() {
    return web.json("/api/v1/runs").getLong("journalIndex");
  }

  @Test
  void isNotThereBeforeAStateIsKnown() {
    assertThat(web.get(StreamRoutes.STREAM).statusCode()).isEqualTo(503);
    assertThat(web.send("POST", web.web.listening().port(), StreamRoutes.STREAM).statusCode())
        .isEqualTo(405);
  }

  @Test
  void beginsWithEverything() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2env", 5, true, "TPC", "ITS")
        .configured("2idle", false, "ZDC")
        .leader(true, "host-1");

    EventStreamClient client = client();
    Event event = client.next();

    assertThat(client.head())
        .startsWith("HTTP/1.1 200 OK")
        .contains("content-type: text/event-stream\n")
        .contains("cache-control: no-cache\n");
    assertThat(event.name()).isEqualTo("snapshot");
    assertThat(event.id()).startsWith(index() + "-");
    JsonObject all = event.json();
    JsonObject asked = web.json("/api/v1/runs");
    assertThat(all.getJsonArray("runs")).isEqualTo(asked.getJsonArray("runs"));
    assertThat(all.getJsonArray("environments"))
        .isEqualTo(web.json("/api/v1/environments").getJsonArray("environments"));
    assertThat(all.fieldNames()).containsAll(asked.fieldNames());
    assertThat(all.getInteger("pendingChanges")).isEqualTo(web.state.outbox().size());
    assertThat(all.getLong("oldestPendingAt")).isEqualTo(web.state.outbox().oldestPending());
  }

  @Test
  void beginsWithEverythingAlsoInAJournalThatWasEmpty() {
    web.publish(
        BusAddresses.ENVIRONMENT_CHANGED, new StateChanged(-1, RelayState.EMPTY, Set.of(), 1));
    web.apply(new Command.JournalCreated("one")).settings(RunningWeb.PLUGIN_ON);
    assertThat(client().next().name()).isEqualTo("snapshot");
    assertThat(client("Last-Event-ID: -1").next().name()).isEqualTo("snapshot");
  }

  @Test
  void tellsOnlyWhatChanged() {
    web.settings(RunningWeb.PLUGIN_ON).running("2a", 5, true, "TPC").configured("2b", true, "ZDC");
    EventStreamClient client = client();
    client.next("snapshot");

    web.apply(
        web.event("2b", EventType.ENTERED)
            .transition(Transition.START_ACTIVITY)
            .runNumber(4L)
            .build());
    JsonObject started = changeTo(client, index()).json();
    assertThat(ids(started.getJsonArray("environments"))).containsExactly("2b");
    assertThat(ids(started.getJsonArray("runs"))).containsExactly("2b");
    assertThat(started.getJsonArray("order")).containsExactly("2b", "2a");

    web.apply(new Command.Delivered(1));
    JsonObject delivered = changeTo(client, index()).json();
    assertThat(delivered.getJsonArray("environments")).isEmpty();
    assertThat(delivered.getValue("order")).isNull();
    assertThat(delivered.getInteger("pendingChanges")).isEqualTo(web.state.outbox().size());

    web.apply(web.event("2b", EventType.DESTROYED).transition(Transition.DESTROY).build());
    JsonObject gone = changeTo(client, index()).json();
    assertThat(gone.getJsonArray("removed")).containsExactly("2b");
    assertThat(gone.getJsonArray("order")).containsExactly("2a");
    assertThat(gone.getJsonArray("runs")).isEmpty();
  }

  @Test
  void tellsAlsoWhatDisappearedUnnamed() {
    web.settings(RunningWeb.PLUGIN_ON).configured("2a", true).configured("2b", true);
    EventStreamClient client = client();
    client.next("snapshot");
    web.state =
        web.state
            .apply(web.event("2a", EventType.DESTROYED).transition(Transition.DESTROY).build())
            .state();

    web.apply(new Command.Delivered(1));

    JsonObject change = changeTo(client, index()).json();
    assertThat(change.getJsonArray("removed")).containsExactly("2a");
    assertThat(ids(change.getJsonArray("environments"))).containsExactly("2b");
  }

  @Test
  void tellsWhoLeadsAndHowThePublisherIs() {
    web.settings(RunningWeb.PLUGIN_ON);
    EventStreamClient client = client();
    client.next("snapshot");

    web.leader(false, "host-2");
    JsonObject change = client.next("change").json();
    assertThat(change.getString("leader")).isEqualTo("host-2");
    assertThat(change.getValue("publisher")).isNull();

    ComponentStatus failing = new ComponentStatus(false, "failing", "kafka:9092 refuses", 7);
    web.vertx
        .eventBus()
        .localConsumer(
            BusAddresses.PUBLISHER_STATUS,
            message -> message.reply(failing, io.aliecs.relay.bus.LocalRecords.LOCAL));
    assertThat(client.next("change").json().getJsonObject("publisher"))
        .isEqualTo(
            new JsonObject()
                .put("healthy", false)
                .put("state", "failing")
                .put("reason", "kafka:9092 refuses")
                .put("since", 7));
  }

  @Test
  void resumesWhereTheClientWas() {
    web.apply(new Command.JournalCreated("one"))
        .settings(RunningWeb.PLUGIN_ON)
        .running("2a", 5, true, "TPC")
        .configured("2b", true, "ZDC");
    String seen = client().next("snapshot").id();
    web.apply(new Command.Delivered(1)).configured("2c", true, "ITS");

    Event event = client("Last-Event-ID: " + seen).next();

    assertThat(event.name()).isEqualTo("change");
    assertThat(ids(event.json().getJsonArray("environments"))).containsExactly("2c");
    assertThat(event.json().getJsonArray("order")).containsExactly("2a");
    assertThat(event.id()).startsWith(index() + "-");
  }

  @Test
  void beginsAnewWhenItDoesNotRememberThatFarOrThatJournal() {
    web.apply(new Command.JournalCreated("one"))
        .settings(RunningWeb.PLUGIN_ON)
        .configured("2a", true);
    String seen = snapshotId();
    for (int i = 0; i < 30; i++) {
      web.configured("2more" + i, true);
      web.apply(new Command.Delivered(i));
    }
    for (String id : List.of(seen, index() + "-other", "9999" + seen, "no", "-", "7")) {
      EventStreamClient client = client("Last-Event-ID: " + id);
      assertThat(client.next().name()).as(id).isEqualTo("snapshot");
      client.close();
      await().until(() -> streamClients() == 0);
    }
  }

  /** What a client that was there is to come back with. */
  private String snapshotId() {
    EventStreamClient first = client();
    String seen = first.next("snapshot").id();
    first.close();
    return seen;
  }

  /** The same seed makes the same ids. */
  @Test
  void takesAnyResumeId() {
    web.apply(new Command.JournalCreated("one"))
        .settings(RunningWeb.PLUGIN_ON)
        .configured("2a", true);
    String seen = snapshotId();
    Random random = new Random(20_260_101);
    String pieces = "-+0123456789.eE,;:\"'%\\/ \t\u00ff<x" + seen;
    for (int i = 0; i < 200; i++) {
      StringBuilder id = new StringBuilder(random.nextBoolean() ? seen : "");
      for (int length = random.nextInt(random.nextInt(20) == 0 ? 2_000 : 20);
          length > 0;
          length--) {
        int at = random.nextInt(id.length() + 1);
        id.insert(at, pieces.charAt(random.nextInt(pieces.length())));
      }
      EventStreamClient client = client("Last-Event-ID: " + id);
      if (!id.toString().strip().equals(seen)) {
        assertThat(client.next().name()).as(id.toString()).isEqualTo("snapshot");
      }
      client.close();
    }
    await().until(() -> streamClients() == 0);
  }

  @Test
  void beginsAnewWhileItDoesNotKnowWhichJournalItIs() {
    web.settings(RunningWeb.PLUGIN_ON);
    String seen = client().next("snapshot").id();
    assertThat(client("Last-Event-ID: " + seen).next().name()).isEqualTo("snapshot");
  }

  private double streamClients() {
    return web.registry.get("relay.http.stream.clients").gauge().value();
  }

  private double cut(String reason) {
    var counter = web.registry.find("relay.http.stream.cut").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void showsThatItLives() {
    web.settings(RunningWeb.PLUGIN_ON);
    EventStreamClient client = client();
    client.next("snapshot");
    for (int i = 0; i < 3; i++) {
      Event beat = client.nextWithComments();
      assertThat(beat.name()).isEqualTo(":");
      assertThat(beat.data()).isEqualTo("time " + RunningWeb.NOW);
    }
  }

  @Test
  void takesNoMoreClientsThanItMay() {
    web.settings(RunningWeb.PLUGIN_ON);
    IntStream.range(0, 3).forEach(i -> client().next("snapshot"));
    assertThat(streamClients()).isEqualTo(3);

    assertThat(web.get(StreamRoutes.STREAM).statusCode()).isEqualTo(503);

    clients.get(0).close();
    await().until(() -> streamClients() == 2);
    assertThat(client().next().name()).isEqualTo("snapshot");
  }

  /** Together about 1 MB. */
  private void manyLargeEnvironments() {
    String[] detectors =
        IntStream.range(0, 100).mapToObj(i -> "D".repeat(100) + i).toArray(String[]::new);
    IntStream.range(0, 100).forEach(i -> web.configured("2env" + i, true, detectors));
  }

  @Test
  void cutsAClientThatNeverReadsAndOthersGoOn() {
    web.close();
    web = new RunningWeb(IMPATIENT);
    web.settings(RunningWeb.PLUGIN_ON);
    manyLargeEnvironments();
    EventStreamClient stuck = new EventStreamClient(web.web.listening().port(), 4_096);
    clients.add(stuck);
    EventStreamClient reading = client();
    reading.next("snapshot");

    for (int i = 0; i < 30 && cut("slow") == 0; i++) {
      web.tellOf(web.state.environments().keySet());
      JsonObject change = changeTo(reading, index()).json();
      assertThat(change.getJsonArray("environments")).hasSize(100);
    }

    await().until(() -> cut("slow") == 1);
    assertThat(streamClients()).isEqualTo(1);
    assertThat(stuck.ends()).isTrue();
    web.apply(web.event("2env7", EventType.DESTROYED).transition(Transition.DESTROY).build());
    assertThat(changeTo(reading, index()).json().getJsonArray("removed")).containsExactly("2env7");
  }

  @Test
  void tellsASlowClientWhatItLacksOnceItReadsOn() {
    web.settings(RunningWeb.PLUGIN_ON);
    manyLargeEnvironments();
    EventStreamClient client = client();
    client.next("snapshot");
    IntStream.range(0, 4).forEach(i -> web.tellOf(web.state.environments().keySet()));
    web.apply(web.event("2env7", EventType.DESTROYED).transition(Transition.DESTROY).build());

    Event last = changeTo(client, index());

    assertThat(last.json().getJsonArray("removed")).contains("2env7");
  }

  @Test
  void cutsAtOnceWhoStopsReadingWhileTooManyOthersDoSo() {
    web.settings(RunningWeb.PLUGIN_ON);
    manyLargeEnvironments();
    client().next("snapshot");
    client().next("snapshot");

    await()
        .until(
            () -> {
              web.tellOf(web.state.environments().keySet());
              return cut("crowded") == 1;
            });

    assertThat(streamClients()).isEqualTo(1);
  }

  @Test
  void countsNoneAsSlowWhoIsStillTakingTheFirstSnapshot() {
    web.settings(RunningWeb.PLUGIN_ON);
    manyLargeEnvironments();
    for (int i = 0; i < 2; i++) {
      clients.add(new EventStreamClient(web.web.listening().port(), 4_096));
    }
    EventStreamClient reading = client();
    reading.next("snapshot");

    web.tellOf(web.state.environments().keySet());
    changeTo(reading, index());

    assertThat(cut("crowded")).isZero();
    assertThat(streamClients()).isEqualTo(3);
  }

  @Test
  void givesThoseThatComeTogetherTheSameLargeSnapshotAndTheRestAsAChange() {
    web.settings(RunningWeb.PLUGIN_ON);
    manyLargeEnvironments();
    Event first = client().next("snapshot");
    web.apply(web.event("2env7", EventType.DESTROYED).transition(Transition.DESTROY).build());

    EventStreamClient later = client();

    assertThat(later.next("snapshot").id()).isEqualTo(first.id());
    assertThat(changeTo(later, index()).json().getJsonArray("removed")).contains("2env7");
  }

  @Test
  void saysThatItStops() {
    web.settings(RunningWeb.PLUGIN_ON);
    EventStreamClient client = client();
    client.next("snapshot");

    long before = System.nanoTime();
    web.undeploy();

    assertThat(client.next("cut").json().getString("reason")).isEqualTo("stop");
    assertThat(System.nanoTime() - before).isLessThan(1_500_000_000L);
  }

  @Test
  void countsAHeadWithoutStartingAStream() {
    web.settings(RunningWeb.PLUGIN_ON);
    var head = web.send("HEAD", web.web.listening().port(), StreamRoutes.STREAM);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(streamClients()).isZero();
  }
}
