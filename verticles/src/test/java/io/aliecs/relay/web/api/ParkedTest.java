package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parked messages are seen, and sent once more by whoever has the token. */
class ParkedTest {
  private static final String STANDBY = "aliecs.env_state.STANDBY";
  private static final String RESEND = "/api/v1/parked/resend";

  @TempDir Path folder;
  private RunningWeb web;
  private Path token;
  private final CompletableFuture<Command.Resent> asked = new CompletableFuture<>();

  @BeforeEach
  void open() throws Exception {
    token = RunningWeb.tokenFile(folder, RunningWeb.TOKEN);
    web = new RunningWeb(token.toString());
    web.settings(RunningWeb.PLUGIN_ON).configured("2env", true, "ITS");
    web.apply(
        new Command.Parked(
            List.of(new Command.Refusal(1, STANDBY, "topic " + STANDBY + " is <full>", false)), 5));
    web.vertx
        .eventBus()
        .<Command.Resent>localConsumer(
            BusAddresses.JOURNAL_REQUEST,
            message -> {
              asked.complete(message.body());
              message.reply(null, LocalRecords.LOCAL);
            });
  }

  @AfterEach
  void close() {
    web.close();
  }

  private HttpResponse<String> resend(String body, String shown) {
    return web.post(RESEND, body, "Authorization", "Bearer " + shown);
  }

  @Test
  void theyAreListedWithTheirReason() {
    JsonObject parked = web.json("/api/v1/parked").getJsonArray("parked").getJsonObject(0);
    assertThat(parked.getString("id")).isEqualTo("1:" + STANDBY);
    assertThat(parked.getString("environmentId")).isEqualTo("2env");
    assertThat(parked.getString("reason")).contains("is <full>");
    assertThat(parked.getBoolean("awaitsTopic")).isFalse();
  }

  @Test
  void theTimelineSaysWhichMessageIsParkedAndWhy() {
    JsonObject message =
        web.environment("2env")
            .getJsonArray("timeline")
            .getJsonObject(0)
            .getJsonArray("messages")
            .getJsonObject(0);
    assertThat(message.getString("topic")).isEqualTo(STANDBY);
    assertThat(message.getString("status")).isEqualTo("parked");
    assertThat(message.getString("reason")).contains("is <full>");
  }

  @Test
  void withTheTokenTheyAreResent() throws Exception {
    HttpResponse<String> answer = resend("{\"ids\": [\"1:" + STANDBY + "\"]}", RunningWeb.TOKEN);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(new JsonObject(answer.body()).getInteger("resending")).isEqualTo(1);
    assertThat(asked.get(60, TimeUnit.SECONDS).keys())
        .containsExactly(new ParkedMessage.Key(1, STANDBY));
  }

  @Test
  void withNoBodyAllAreResent() {
    assertThat(resend("", RunningWeb.TOKEN).body()).contains("\"resending\":1");
  }

  @Test
  void anotherTokenIsRefusedAndAnewOneIsGoodAtOnce() throws Exception {
    assertThat(resend("", "wrong").statusCode()).isEqualTo(403);
    assertThat(web.post(RESEND, "").statusCode()).isEqualTo(401);
    Files.writeString(token, "3f1c9a77e05b4d28 rotated");
    assertThat(resend("", RunningWeb.TOKEN).statusCode()).isEqualTo(403);
    assertThat(resend("", "3f1c9a77e05b4d28 rotated").statusCode()).isEqualTo(202);
  }

  @Test
  void anEmptyTokenIsNone() throws Exception {
    Files.writeString(token, "\n");
    assertThat(resend("", "any").statusCode()).isEqualTo(403);
    assertThat(asked).isNotDone();
  }

  @Test
  void withoutATokenOnTheHostNothingCanBeChanged() {
    try (RunningWeb open = new RunningWeb()) {
      open.tell();
      HttpResponse<String> answer = open.post(RESEND, "", "Authorization", "Bearer x");
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("http.token-file");
    }
  }

  @Test
  void wrongRequestsAreNamed() {
    assertThat(resend("{\"ids\": [\"9:nothing\"]}", RunningWeb.TOKEN).body())
        .contains("9:nothing", "expected: ids from /api/v1/parked");
    assertThat(resend("[", RunningWeb.TOKEN).body()).contains("expected: {");
    assertThat(resend("x".repeat(300_000), RunningWeb.TOKEN).statusCode()).isEqualTo(413);
    assertThat(web.send("DELETE", web.web.listening().port(), RESEND).body())
        .contains("expected: POST");
    assertThat(web.post("/api/v1/parked", "").body()).contains("expected: GET, HEAD");
    assertThat(asked).isNotDone();
  }
}
