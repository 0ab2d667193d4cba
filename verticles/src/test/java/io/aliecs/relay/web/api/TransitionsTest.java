package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the token sends events over HTTP. */
class TransitionsTest {
  private static final String PATH = "/api/v1/transitions";
  private static final String[] TOKEN = {"Authorization", "Bearer " + RunningWeb.TOKEN};

  @TempDir Path folder;
  private RunningWeb web;
  private final List<String> taken = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws Exception {
    web = RunningWeb.withToken(folder);
    web.vertx
        .eventBus()
        .<JsonObject>localConsumer(
            BusAddresses.ENVIRONMENT_TRANSITION,
            message -> {
              String id = message.body().getString("eventId");
              for (FailureCode code : FailureCode.values()) {
                if (code.name().equals(id)) {
                  message.fail(code.code(), code.name() + ": found (expected: else)");
                  return;
                }
              }
              taken.add(id);
              message.reply(
                  new JsonObject().put("version", 1).put("verdict", "APPLIED").put("reason", ""));
            });
  }

  @AfterEach
  void close() {
    web.close();
  }

  private static String event(String id) {
    return new JsonObject().put("eventId", id).encode();
  }

  @Test
  void anEventIsTakenAndWhatBecameOfItComesBack() {
    HttpResponse<String> reply = web.post(PATH, event("1"), TOKEN);
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(reply.body()).getString("verdict")).isEqualTo("APPLIED");
    assertThat(taken).containsExactly("1");
  }

  @Test
  void severalAreTakenInTheirOrderUntilOneIsNot() {
    String all = "[" + event("1") + "," + event("2") + "," + event("3") + "]";
    JsonArray replies = new JsonObject(web.post(PATH, all, TOKEN).body()).getJsonArray("replies");
    assertThat(replies).hasSize(3);
    assertThat(taken).containsExactly("1", "2", "3");

    String some = "[" + event("4") + "," + event("REFUSED") + "," + event("5") + "]";
    HttpResponse<String> refused = web.post(PATH, some, TOKEN);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("1 before it are safe; event 1: REFUSED");
    assertThat(taken).containsExactly("1", "2", "3", "4");
  }

  @Test
  void whatIsOfNoUseAndWhatIsToBeRepeatedAreToldApart() {
    assertThat(web.post(PATH, event("UNKNOWN_ENVIRONMENT"), TOKEN).statusCode()).isEqualTo(404);
    for (String passing : List.of("NOT_LEADER", "NOT_READY", "BACKLOG_FULL")) {
      HttpResponse<String> reply = web.post(PATH, event(passing), TOKEN);
      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.headers().firstValue("Retry-After")).contains("1");
    }
  }

  @Test
  void withoutTheTokenNothingIsTaken() {
    assertThat(web.post(PATH, event("1")).statusCode()).isEqualTo(401);
    assertThat(web.post(PATH, event("1"), "Authorization", "Bearer x").statusCode()).isEqualTo(403);
    assertThat(taken).isEmpty();
  }

  @Test
  void wrongRequestsAreNamed() {
    for (String wrong : List.of("", "[", "1", "[]", "[1]", "\"x\"")) {
      HttpResponse<String> reply = web.post(PATH, wrong, TOKEN);
      assertThat(reply.statusCode()).isEqualTo(400);
      assertThat(reply.body()).contains("expected: an event, or an array of 1 to 500");
    }
    String many = "[" + (event("1") + ",").repeat(TransitionRoutes.MOST) + event("1") + "]";
    assertThat(web.post(PATH, many, TOKEN).statusCode()).isEqualTo(400);
    assertThat(web.post(PATH, "x".repeat(1024 * 1024 + 1), TOKEN).statusCode()).isEqualTo(413);
    assertThat(web.get(PATH).body()).contains("expected: POST");
    assertThat(taken).isEmpty();
  }
}
