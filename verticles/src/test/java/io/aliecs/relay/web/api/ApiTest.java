package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {
  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  @Test
  void listsActiveRunsInTheOrderOfThePublishedListWithUnpublishedOnesMarked() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2one", 500, true, "TPC")
        .running("2its", 501, true, "TOF", "ITS")
        .running("2hidden", 502, false, "TPC", "TOF", "MCH")
        .configured("2idle", true, "ZDC")
        .leader(true, "host-1");

    JsonObject answer = web.json("/api/v1/runs");

    JsonArray runs = answer.getJsonArray("runs");
    assertThat(runs.stream().map(run -> ((JsonObject) run).getString("environmentId")))
        .containsExactly("2its", "2hidden", "2one");
    long enteredAt = web.state.environments().get("2its").enteredAt();
    assertThat(runs.getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("environmentId", "2its")
                .put("runNumber", 501)
                .put("runType", "PHYSICS")
                .put("state", "RUNNING")
                .put("detectors", new JsonArray(List.of("ITS", "TOF")))
                .put("enteredAt", enteredAt)
                .put("endAnnounced", false)
                .put("publish", true)
                .putNull("notPublishedBecause"));
    assertThat(runs.getJsonObject(1).getBoolean("publish")).isFalse();
    assertThat(answer.getLong("journalIndex")).isEqualTo(38);
    assertThat(answer.getLong("dataTimestamp")).isGreaterThanOrEqualTo(enteredAt);
    assertThat(answer.getString("leader")).isEqualTo("host-1");
    assertThat(answer.getBoolean("leading")).isTrue();
    assertThat(answer.getBoolean("pluginEnabled")).isTrue();
  }

  @Test
  void showsARunWhoseEndIsAnnouncedUntilItHasLeft() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 4_294_967_295L, true, "ITS");
    web.apply(web.event("2env", EventType.LEAVING).transition(Transition.STOP_ACTIVITY).build());

    JsonObject run = web.json("/api/v1/runs").getJsonArray("runs").getJsonObject(0);
    assertThat(run.getBoolean("endAnnounced")).isTrue();
    assertThat(run.getLong("runNumber")).isEqualTo(4_294_967_295L);

    web.apply(web.event("2env", EventType.ENTERED).transition(Transition.STOP_ACTIVITY).build());
    assertThat(web.json("/api/v1/runs").getJsonArray("runs")).isEmpty();
  }

  @Test
  void listsEnvironmentsByIdAndFiltersByState() {
    web.settings(RunningWeb.PLUGIN_ON).running("2b", 1, true, "ITS").configured("2a", false, "TPC");

    assertThat(ids("/api/v1/environments")).containsExactly("2a", "2b");
    assertThat(ids("/api/v1/environments?state=RUNNING")).containsExactly("2b");
    assertThat(ids("/api/v1/environments?state=ERROR")).isEmpty();
    JsonObject idle =
        web.json("/api/v1/environments").getJsonArray("environments").getJsonObject(0);
    assertThat(idle.getString("state")).isEqualTo("CONFIGURED");
    assertThat(idle.getBoolean("publish")).isFalse();
    assertThat(idle.getValue("runNumber")).isNull();
    assertThat(idle.fieldNames())
        .containsExactlyInAnyOrder(
            "environmentId",
            "state",
            "enteredAt",
            "runNumber",
            "runType",
            "detectors",
            "detailsKnown",
            "publish",
            "notPublishedBecause",
            "leaving",
            "announcedRun",
            "lastRun",
            "workflow",
            "workflowMeant",
            "ending",
            "endReason",
            "changedAt");
  }

  @Test
  void saysWhyAnEnvironmentIsNotPublished() {
    web.settings(RunningWeb.PLUGIN_ON)
        .configured("2on", true, "ITS")
        .running("2off", 5, false, "TPC")
        .apply(
            web.event("2other", EventType.CREATED)
                .detectors(List.of("MCH"))
                .kafkaEnabled(true)
                .workflow("tpc-pulser")
                .workflowMeant(false)
                .build());
    assertThat(web.environment("2on").getValue("notPublishedBecause")).isNull();
    String off = "kafka_enabled was not true when it was created";
    assertThat(web.environment("2off").getString("notPublishedBecause")).isEqualTo(off);
    assertThat(web.environment("2other").getString("notPublishedBecause"))
        .isEqualTo("workflow tpc-pulser");
    JsonObject run = web.json("/api/v1/runs").getJsonArray("runs").getJsonObject(0);
    assertThat(run.getString("notPublishedBecause")).isEqualTo(off);
  }

  @Test
  void saysWhyThePluginIsOff() {
    assertThat(web.tell().json("/api/v1/runs").getString("pluginOffBecause"))
        .isEqualTo("no good settings have been read from Consul yet");
    web.settings(PublishingSettings.NONE);
    assertThat(web.json("/api/v1/runs").getString("pluginOffBecause"))
        .isEqualTo("integrationPlugins does not hold kafka");
    web.settings(new PublishingSettings(false, List.of(), true, 2, 1, List.of(), false));
    assertThat(web.json("/api/v1/runs").getString("pluginOffBecause"))
        .isEqualTo("enableKafka is false in Consul");
    web.settings(RunningWeb.PLUGIN_ON);
    assertThat(web.json("/api/v1/runs").getValue("pluginOffBecause")).isNull();
  }

  @Test
  void saysThatDetailsAreUnknownWhereTheCreationWasNotSeenUntilTheyAreFilledIn() {
    web.settings(RunningWeb.PLUGIN_ON)
        .apply(
            web.event("2late", EventType.OBSERVED).state(State.CONFIGURED).observed(true).build(),
            web.event("2bare", EventType.CREATED).build());
    assertThat(web.environment("2late").getBoolean("detailsKnown")).isFalse();
    assertThat(web.environment("2bare").getBoolean("detailsKnown")).isTrue();

    web.apply(
        web.event("2late", EventType.CREATED)
            .detectors(List.of("ITS"))
            .runType("PHYSICS")
            .observed(true)
            .build());
    assertThat(web.environment("2late").getBoolean("detailsKnown")).isTrue();
    assertThat(web.environment("2late").getJsonArray("detectors")).containsExactly("ITS");
  }

  private List<String> ids(String path) {
    return web.json(path).getJsonArray("environments").stream()
        .map(environment -> ((JsonObject) environment).getString("environmentId"))
        .toList();
  }

  @Test
  void saysOfEachMessageOfTheTimelineWhetherItIsPublishedPendingOrOff() {
    web.settings(PublishingSettings.NONE)
        .apply(web.event("2env", EventType.CREATED).kafkaEnabled(true).build());
    web.settings(RunningWeb.PLUGIN_ON)
        .apply(web.event("2env", EventType.ENTERED).transition(Transition.DEPLOY).build());
    web.apply(new Command.Delivered(1))
        .apply(web.event("2env", EventType.ENTERED).transition(Transition.CONFIGURE).build());

    JsonArray timeline = web.environment("2env").getJsonArray("timeline");

    assertThat(statuses(timeline.getJsonObject(0))).isNotEmpty().containsOnly("off");
    assertThat(statuses(timeline.getJsonObject(1))).isNotEmpty().containsOnly("published");
    assertThat(statuses(timeline.getJsonObject(2))).isNotEmpty().containsOnly("pending");
    assertThat(timeline.getJsonObject(2).getJsonArray("messages").stream())
        .extracting(message -> ((JsonObject) message).getString("topic"))
        .contains("aliecs.env_state.CONFIGURED", "aliecs.env_list.RUNNING");
  }

  private static List<String> statuses(JsonObject step) {
    return step.getJsonArray("messages").stream()
        .map(message -> ((JsonObject) message).getString("status"))
        .toList();
  }

  @Test
  void tellsWhereAStepCameFromAndThatItWasAdopted() {
    SourcePosition source = new SourcePosition(new SourcePartition("aliecs.environment", 2), 41);
    web.settings(RunningWeb.PLUGIN_ON)
        .apply(
            web.event("2late", EventType.OBSERVED)
                .state(State.RUNNING)
                .runNumber(77L)
                .observed(true)
                .source(source)
                .build());

    JsonObject step = web.environment("2late").getJsonArray("timeline").getJsonObject(0);

    assertThat(step.getJsonObject("source"))
        .isEqualTo(
            new JsonObject()
                .put("topic", "aliecs.environment")
                .put("partition", 2)
                .put("offset", 41));
    assertThat(step.getBoolean("adopted")).isTrue();
    assertThat(step.getString("moment")).isEqualTo("OBSERVED");
    assertThat(step.getValue("transition")).isNull();
    assertThat(step.getString("state")).isEqualTo("RUNNING");
    assertThat(step.getLong("runNumber")).isEqualTo(77);
    assertThat(step.getString("eventId")).startsWith("event ");
    assertThat(step.getLong("timestamp")).isPositive();
  }

  @Test
  void showsAnEnvironmentThatHasEndedButDoesNotListIt() {
    web.settings(RunningWeb.PLUGIN_ON)
        .configured("2gone", true, "ITS")
        .apply(web.event("2gone", EventType.ENTERED).transition(Transition.EXIT).build());

    assertThat(web.environment("2gone").getString("state")).isEqualTo("DONE");
    assertThat(ids("/api/v1/environments")).isEmpty();
  }

  @Test
  void anEnvironmentIsDoneSinceItWasDestroyed() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2gone", 5, true, "ITS")
        .apply(web.event("2gone", EventType.LEAVING).transition(Transition.DESTROY).build())
        .apply(web.event("2gone", EventType.DESTROYED).transition(Transition.DESTROY).build());

    JsonObject gone = web.environment("2gone");

    JsonArray steps = gone.getJsonArray("timeline");
    assertThat(gone.getString("state")).isEqualTo("DONE");
    assertThat(gone.getLong("enteredAt"))
        .isEqualTo(steps.getJsonObject(steps.size() - 1).getLong("timestamp"));
    assertThat(gone.getValue("leaving")).isNull();
    assertThat(steps.getJsonObject(steps.size() - 1).getString("state")).isEqualTo("DONE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"quoted\"",
        "it's",
        "<script>alert(1)</script>",
        "new\nline\r\tand\u0000nul",
        "a/b/../c",
        "50% off?a=b&c#d;e",
        "plus + blank",
        "Größe \u5bf9\u649e \ud83d\ude80",
        ":id",
        "\u2028\u202e"
      })
  void servesAnEnvironmentWhateverItsIdHolds(String id) {
    web.settings(RunningWeb.PLUGIN_ON).running(id, 9, true, "<b>\"ITS\"</b>");

    assertThat(web.environment(id).getString("environmentId")).isEqualTo(id);
    JsonObject run = web.json("/api/v1/runs").getJsonArray("runs").getJsonObject(0);
    assertThat(run.getString("environmentId")).isEqualTo(id);
    assertThat(run.getJsonArray("detectors")).containsExactly("<b>\"ITS\"</b>");
  }

  @Test
  void servesTheLongestIdThereCanBe() {
    String id = "\u5bf9".repeat(256);
    web.settings(RunningWeb.PLUGIN_ON).configured(id, true);

    assertThat(web.environment(id).getString("environmentId")).isEqualTo(id);
  }

  @Test
  void survivesHalfACharacter() {
    web.settings(RunningWeb.PLUGIN_ON).configured("2\ud83d", true);

    assertThat(ids("/api/v1/environments")).containsExactly("2?");
  }

  @Test
  void answersUnchangedDataWith304() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 5, true, "ITS");
    for (String path :
        List.of("/api/v1/runs", "/api/v1/environments", "/api/v1/environments/2env")) {
      String etag = web.get(path).headers().firstValue("etag").orElseThrow();

      for (String known : List.of(etag, etag.substring(2), "\"other\", " + etag, "*")) {
        HttpResponse<String> same = web.get(path, "If-None-Match", known);
        assertThat(same.statusCode()).as(known).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.headers().firstValue("etag")).contains(etag);
      }
      assertThat(web.get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void changesTheTagWithEveryChangeAndWithTheLeader() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 5, true, "ITS");
    String first = web.get("/api/v1/runs").headers().firstValue("etag").orElseThrow();

    web.apply(new Command.Delivered(1));
    HttpResponse<String> later = web.get("/api/v1/runs", "If-None-Match", first);
    String second = later.headers().firstValue("etag").orElseThrow();
    assertThat(later.statusCode()).isEqualTo(200);

    web.leader(false, "host-2");
    HttpResponse<String> other = web.get("/api/v1/runs", "If-None-Match", second);
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(other.body()).getString("leader")).isEqualTo("host-2");
  }

  @Test
  void guardsEveryAnswer() {
    web.settings(RunningWeb.PLUGIN_ON);
    for (String path : List.of("/api/v1/runs", "/nowhere")) {
      HttpResponse<String> answer = web.get(path);
      assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
      assertThat(answer.headers().firstValue("content-security-policy"))
          .contains("default-src 'none'; frame-ancestors 'none'");
      assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
    }
    assertThat(web.get("/api/v1/runs").headers().firstValue("content-type"))
        .contains("application/json");
  }

  @Test
  void answersHeadWithTheLengthOnly() {
    web.settings(RunningWeb.PLUGIN_ON);
    HttpResponse<String> get = web.get("/api/v1/runs");
    HttpResponse<String> head = web.send("HEAD", web.web.listening().port(), "/api/v1/runs");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("content-length"))
        .isEqualTo(get.headers().firstValue("content-length"));
  }

  @Test
  void compressesForThoseWhoAskForIt() throws IOException, InterruptedException {
    web.settings(RunningWeb.PLUGIN_ON);
    for (int i = 0; i < 20; i++) {
      web.running("2env" + i, 100 + i, true, "ITS", "TPC");
    }
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:" + web.web.listening().port() + "/api/v1/runs"))
                    .header("Accept-Encoding", "gzip")
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertThat(new String(plain, StandardCharsets.UTF_8)).isEqualTo(web.get("/api/v1/runs").body());
  }
}
