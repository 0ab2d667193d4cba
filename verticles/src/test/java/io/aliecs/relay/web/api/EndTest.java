package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the token ends an environment that AliECS has forgotten. */
class EndTest {
  private static final String END = "/api/v1/environments/2env/end";

  @TempDir Path folder;
  private RunningWeb web;
  private String[] token;
  private final BlockingQueue<Command.EnvironmentEnded> asked = new ArrayBlockingQueue<>(10);

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
    web.vertx
        .eventBus()
        .<Command.EnvironmentEnded>localConsumer(
            BusAddresses.JOURNAL_REQUEST,
            message -> {
              asked.add(message.body());
              Verdict verdict = web.state.apply(message.body()).verdict();
              message.reply(new TransitionReply(verdict, ""), LocalRecords.LOCAL);
            });
  }

  @Test
  void itsRunEndsAndTheTimelineSaysByWhomAndWhy() {
    journalTakesIt();
    HttpResponse<String> answer =
        web.post(END, "{\"by\": \"anna@control1\", \"reason\": \"core is gone\"}", token);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(answer.body()).getString("reason"))
        .isEqualTo("forgotten (core is gone) by anna@control1");
    Command.EnvironmentEnded command = asked.remove();
    assertThat(command)
        .isEqualTo(
            new Command.EnvironmentEnded(
                "2env",
                EndCause.FORGOTTEN,
                "forgotten (core is gone)",
                "anna@control1",
                Long.MAX_VALUE,
                RunningWeb.NOW));

    web.apply(command);
    assertThat(web.json("/api/v1/runs").getJsonArray("runs")).isEmpty();
    JsonObject environment = web.environment("2env");
    assertThat(environment.getString("state")).isEqualTo("DONE");
    assertThat(environment.getString("endReason"))
        .isEqualTo("forgotten (core is gone) by anna@control1");
    assertThat(web.post(END, "", token).statusCode()).isEqualTo(409);
  }

  @Test
  void withoutABodyTheAddressThatAsksIsNamed() {
    journalTakesIt();
    assertThat(web.post(END, "", token).body()).contains("forgotten by 127.0.0.1");
  }

  @Test
  void anUnknownEnvironmentIsNotFound() {
    journalTakesIt();
    HttpResponse<String> answer = web.post(END.replace("2env", "2no"), "", token);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("environment: \\\"2no\\\" is not known (expected: an id");
    assertThat(asked).isEmpty();
  }

  @Test
  void withoutTheTokenNothingIsAsked() {
    journalTakesIt();
    assertThat(web.post(END, "").statusCode()).isEqualTo(401);
    assertThat(web.get(END).statusCode()).isEqualTo(405);
    assertThat(asked).isEmpty();
  }

  @Test
  void wrongBodiesAreNamed() {
    journalTakesIt();
    assertThat(web.post(END, "[1]", token).body()).contains("body: not an object");
    assertThat(web.post(END, "{\"who\": \"a\"}", token).body()).contains("who", "unknown field");
    assertThat(web.post(END, "{\"by\": 1}", token).body()).contains("by: not a text");
    assertThat(web.post(END, "{\"by\": \"" + "x".repeat(300) + "\"}", token).body())
        .contains("at most 256 characters");
    assertThat(web.post(END, "x".repeat(5_000), token).statusCode()).isEqualTo(413);
    assertThat(asked).isEmpty();
  }

  @Test
  void aJournalThatTakesNothingIsSaid() {
    web.vertx
        .eventBus()
        .<Command>localConsumer(
            BusAddresses.JOURNAL_REQUEST,
            message -> message.fail(FailureCode.NOT_LEADER.code(), "NOT_LEADER: b leads"));
    HttpResponse<String> answer = web.post(END, "", token);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("b leads");
  }
}
