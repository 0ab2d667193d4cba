package io.aliecs.relay.web.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.api.SettingsTest;
import io.aliecs.relay.web.stream.StreamOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementTest {
  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  private static JsonObject check(HttpResponse<String> health, String name) {
    return new JsonObject(health.body())
        .getJsonArray("checks").stream()
            .map(JsonObject.class::cast)
            .filter(check -> check.getString("name").equals(name))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void isAliveBeforeItIsStarted() {
    assertThat(web.management("/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> started = web.management("/health/started");
    assertThat(started.statusCode()).isEqualTo(503);
    assertThat(check(started, "state").getString("reason"))
        .startsWith("the journal is not replayed yet");
    assertThat(web.management("/health/ready").statusCode()).isEqualTo(503);

    web.tell();
    assertThat(web.management("/health/started").statusCode()).isEqualTo(200);
  }

  @Test
  void everyCheckThatIsDownSaysWhatIsExpected() {
    web.vertx.eventBus().localConsumer(BusAddresses.PUBLISHER_STATUS, nobodyAnswers -> {});
    List<String> down =
        objects(web.management("/health/ready")).stream()
            .filter(check -> check.getString("status").equals("DOWN"))
            .map(check -> check.getString("reason"))
            .toList();
    assertThat(down)
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(reason -> reason.contains("expected: "));
    web.tell();
    assertThat(check(web.management("/health/ready"), "settings").getString("reason"))
        .contains("expected: ");
  }

  private static List<JsonObject> objects(HttpResponse<String> answer) {
    return new JsonObject(answer.body())
        .getJsonArray("checks").stream().map(JsonObject.class::cast).toList();
  }

  @Test
  void isReadyOnceStateLeaderAndSettingsAreKnown() {
    web.tell();
    assertThat(check(web.management("/health/ready"), "leader").getString("reason"))
        .startsWith("no leader is known");
    web.leader(false, "host-2");
    HttpResponse<String> unset = web.management("/health/ready");
    assertThat(unset.statusCode()).isEqualTo(503);
    assertThat(check(unset, "settings").getString("reason"))
        .startsWith("no good settings were ever seen");

    web.settings(RunningWeb.PLUGIN_ON);
    HttpResponse<String> ready = web.management("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("UP");
    assertThat(check(ready, "publisher").getString("status")).isEqualTo("ABSENT");
    assertThat(check(ready, "ingest").getString("status")).isEqualTo("ABSENT");

    web.leader(false, "");
    assertThat(web.management("/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void showsThatKafkaIsAwayAndIsReadyAllTheSame() {
    web.answer(
        BusAddresses.PUBLISHER_STATUS,
        new ComponentStatus(false, "connecting", "kafka:9092 refuses", 1));
    web.answer(BusAddresses.INGEST_STATUS, new ComponentStatus(true, "reading", "", 1));
    web.settings(RunningWeb.PLUGIN_ON).leader(true, "host-1");

    HttpResponse<String> ready = web.management("/health/ready");

    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(check(ready, "publisher"))
        .isEqualTo(
            new JsonObject()
                .put("name", "publisher")
                .put("status", "DOWN")
                .put("required", false)
                .put("reason", "connecting: kafka:9092 refuses"));
    assertThat(check(ready, "ingest").getString("reason")).isEqualTo("reading");
  }

  @Test
  void showsWhatIsWrongInConsulAndIsReadyWhileGoodSettingsAreInForce() {
    web.answer(BusAddresses.SETTINGS_STATUS, SettingsTest.status(SettingsTest.REFUSED))
        .leader(true, "host-1");
    HttpResponse<String> never = web.tell().management("/health/ready");
    assertThat(never.statusCode()).isEqualTo(503);
    assertThat(check(never, "settings").getString("reason"))
        .startsWith("no good settings were ever seen")
        .endsWith("; " + SettingsTest.REFUSED.message());

    HttpResponse<String> ready = web.settings(RunningWeb.PLUGIN_ON).management("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(check(ready, "settings").getString("status")).isEqualTo("UP");
    assertThat(check(ready, "settings").getString("reason"))
        .isEqualTo("plugin on; " + SettingsTest.REFUSED.message());
  }

  @Test
  void doesNotWaitForAComponentThatDoesNotAnswer() {
    web.vertx.eventBus().localConsumer(BusAddresses.PUBLISHER_STATUS, message -> {});
    web.settings(RunningWeb.PLUGIN_ON).leader(true, "host-1");

    HttpResponse<String> ready = web.management("/health/ready");

    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(check(ready, "publisher").getString("reason")).startsWith("no answer within 500 ms");
  }

  @Test
  void countsWhatTheStateHolds() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2a", 1, true, "ITS")
        .running("2b", 2, false, "ITS")
        .leader(true, "host-1");
    long oldest = web.state.outbox().oldestPending();

    assertThat(web.management("/metrics").body().lines())
        .contains(
            "relay_environments{state=\"RUNNING\"} 2.0",
            "relay_environments{state=\"ERROR\"} 0.0",
            "relay_active_runs 2.0",
            "relay_outbox_entries " + (double) web.state.outbox().size(),
            "relay_outbox_oldest_age_seconds " + (RunningWeb.NOW - oldest) / 1_000.0,
            "relay_journal_index 22.0",
            "relay_leading 1.0",
            "relay_plugin_enabled 1.0");
  }

  @Test
  void knowsNoFiguresBeforeAStateIsKnown() {
    assertThat(web.management("/metrics").body().lines())
        .contains("relay_active_runs NaN", "relay_leading 0.0");
  }

  @Test
  void countsAnswersByRouteAndStatus() {
    web.settings(RunningWeb.PLUGIN_ON).configured("2env", true);
    web.get("/api/v1/environments/2env");
    web.get("/api/v1/environments/2env");
    web.get("/api/v1/environments/other");
    web.get("/nowhere");

    HttpResponse<String> metrics = web.management("/metrics");

    assertThat(metrics.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(metrics.body().lines())
        .contains(
            "relay_http_requests_total{route=\"/api/v1/environments/:id\",server=\"api\","
                + "status=\"200\"} 2.0",
            "relay_http_requests_total{route=\"/api/v1/environments/:id\",server=\"api\","
                + "status=\"404\"} 1.0",
            "relay_http_requests_total{route=\"none\",server=\"api\",status=\"404\"} 1.0");
  }

  @Test
  void servesNothingElse() {
    assertThat(web.management("/api/v1/runs").statusCode()).isEqualTo(404);
    assertThat(web.send("POST", web.web.listening().managementPort(), "/health/live").statusCode())
        .isEqualTo(405);
    assertThat(web.get("/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void takesItsGaugesAlongWhenItStops() {
    web.settings(RunningWeb.PLUGIN_ON)
        .apply(web.event("2env", EventType.CREATED).build())
        .apply(web.event("2env", EventType.ENTERED).transition(Transition.DEPLOY).build());
    web.undeploy();
    assertThat(web.registry.scrape()).doesNotContain("relay_environments");
  }

  @Test
  void answersWhileTheEventLoopOfTheOtherServerIsBusy() {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean slow = new AtomicBoolean();
    InstantSource clock =
        () -> {
          if (slow.get()) {
            busy.countDown();
            join(done);
          }
          return Instant.ofEpochMilli(RunningWeb.NOW);
        };
    try (RunningWeb other = new RunningWeb(0, clock, StreamOptions.DEFAULTS)) {
      slow.set(true);
      other.settings(RunningWeb.PLUGIN_ON);
      join(busy);

      assertThat(other.management("/health/live").statusCode()).isEqualTo(200);
      assertThat(done.getCount()).isEqualTo(1);
      done.countDown();
    } finally {
      done.countDown();
    }
  }

  private static void join(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
