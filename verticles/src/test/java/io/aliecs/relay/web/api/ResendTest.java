package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the token has the state published once more. */
class ResendTest {
  private static final String LIST = "/api/v1/runs/resend";
  private static final String ENVIRONMENT = "/api/v1/environments/2env/resend";

  @TempDir Path folder;
  private RunningWeb web;
  private String[] token;
  private final List<Command.ResendRequested> asked =
      Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    web = RunningWeb.withToken(folder);
    token = new String[] {"Authorization", "Bearer " + RunningWeb.TOKEN};
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 5, true, "ITS");
  }

  @AfterEach
  void close() {
    web.close();
  }

  private void journalTakesIt() {
    RelayState[] state = {web.state};
    web.vertx
        .eventBus()
        .<Command.ResendRequested>localConsumer(
            BusAddresses.JOURNAL_REQUEST,
            message -> {
              asked.add(message.body());
              RelayState.Applied applied = state[0].apply(message.body());
              state[0] = applied.state();
              message.reply(
                  new TransitionReply(applied.verdict(), applied.reason()), LocalRecords.LOCAL);
            });
  }

  @Test
  void theListAndAnEnvironmentAreAskedForOnceUnderOneId() {
    journalTakesIt();
    String body = "{\"requestId\": \"7d3c\", \"by\": \"anna\"}";
    HttpResponse<String> answer = web.post(LIST, body, token);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(new JsonObject(answer.body()))
        .isEqualTo(new JsonObject().put("requestId", "7d3c").put("verdict", "APPLIED"));
    assertThat(new JsonObject(web.post(LIST, body, token).body()).getString("verdict"))
        .isEqualTo("DUPLICATE");

    HttpResponse<String> other = web.post(ENVIRONMENT, "", token);
    assertThat(other.statusCode()).isEqualTo(202);
    String made = new JsonObject(other.body()).getString("requestId");
    assertThat(made).hasSize(36);
    Command.ResendRequested list = new Command.ResendRequested("7d3c", "", RunningWeb.NOW);
    assertThat(asked)
        .containsExactly(list, list, new Command.ResendRequested(made, "2env", RunningWeb.NOW));
  }

  @Test
  void anUnknownEnvironmentIsNotFound() {
    journalTakesIt();
    HttpResponse<String> answer = web.post(ENVIRONMENT.replace("2env", "2no"), "", token);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .contains("environment: \\\"2no\\\" is not tracked, or has ended (expected");
  }

  @Test
  void whilePublishingIsOffNothingIsSentAndThatIsSaid() {
    web.settings(new PublishingSettings(false, List.of(), true, 1, 1));
    journalTakesIt();
    HttpResponse<String> answer = web.post(LIST, "", token);
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("publishing is off: integrationPlugins does not hold kafka");
  }

  @Test
  void withoutTheTokenNothingIsAsked() {
    journalTakesIt();
    assertThat(web.post(LIST, "").statusCode()).isEqualTo(401);
    assertThat(web.post(ENVIRONMENT, "").statusCode()).isEqualTo(401);
    assertThat(web.get(LIST).statusCode()).isEqualTo(405);
    assertThat(asked).isEmpty();
  }

  @Test
  void wrongBodiesAreNamed() {
    journalTakesIt();
    assertThat(web.post(LIST, "[1]", token).body()).contains("body: not an object");
    assertThat(web.post(LIST, "{\"id\": \"a\"}", token).body()).contains("id", "unknown field");
    assertThat(web.post(LIST, "{\"requestId\": 1}", token).body())
        .contains("requestId: not a text");
    assertThat(web.post(LIST, "{\"requestId\": \"" + "x".repeat(129) + "\"}", token).body())
        .contains("at most 128 characters");
    assertThat(asked).isEmpty();
  }

  @Test
  void aJournalThatTakesNothingIsSaidWithTheIdToRepeatItWith() {
    web.vertx
        .eventBus()
        .<Command>localConsumer(
            BusAddresses.JOURNAL_REQUEST,
            message -> message.fail(FailureCode.NOT_LEADER.code(), "NOT_LEADER: b leads"));
    HttpResponse<String> answer = web.post(LIST, "{\"requestId\": \"7d3c\"}", token);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("b leads", "repeat with requestId", "7d3c");
  }
}
