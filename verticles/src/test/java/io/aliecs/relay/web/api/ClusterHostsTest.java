package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the token adds, replaces and removes hosts. */
class ClusterHostsTest {
  private static final String HOSTS = "/api/v1/cluster/hosts";
  private static final String D = "{\"id\": \"d\", \"address\": \"10.0.0.4:8701\"";
  private static final String[] TOKEN = {"Authorization", "Bearer " + RunningWeb.TOKEN};

  @TempDir Path folder;
  private RunningWeb web;
  private final BlockingQueue<ClusterChange> asked = new ArrayBlockingQueue<>(10);

  @BeforeEach
  void open() throws Exception {
    web = new RunningWeb(RunningWeb.tokenFile(folder, RunningWeb.TOKEN).toString());
  }

  @AfterEach
  void close() {
    web.close();
  }

  private void answer(java.util.function.Consumer<Message<ClusterChange>> answer) {
    web.vertx
        .eventBus()
        .<ClusterChange>localConsumer(
            BusAddresses.CLUSTER_CHANGE,
            message -> {
              asked.add(message.body());
              answer.accept(message);
            });
  }

  private void accept() {
    answer(
        message ->
            message.reply(
                new ClusterStatus(
                    "a", "a", true, 3, true, 5, 10, 0, ClusterStatus.UNKNOWN, List.of()),
                LocalRecords.LOCAL));
  }

  @Test
  void aHostIsAddedReplacedAndRemoved() {
    accept();
    ClusterHost host = new ClusterHost("d", "10.0.0.4", 8701);

    assertThat(web.post(HOSTS, D + "}", TOKEN).statusCode()).isEqualTo(200);
    HttpResponse<String> replaced = web.post(HOSTS, D + ", \"replaces\": \"c\"}", TOKEN);
    assertThat(new JsonObject(replaced.body()).getString("leader")).isEqualTo("a");
    assertThat(web.send("DELETE", web.web.listening().port(), HOSTS + "/c", TOKEN).statusCode())
        .isEqualTo(200);

    assertThat(asked)
        .containsExactly(
            ClusterChange.add(host), ClusterChange.replace("c", host), ClusterChange.remove("c"));
  }

  @Test
  void withoutTheTokenNothingIsAsked() {
    accept();
    assertThat(web.post(HOSTS, D + "}").statusCode()).isEqualTo(401);
    assertThat(web.post(HOSTS, D + "}", "Authorization", "Bearer x").statusCode()).isEqualTo(403);
    assertThat(web.send("DELETE", web.web.listening().port(), HOSTS + "/c").statusCode())
        .isEqualTo(401);
    assertThat(asked).isEmpty();
  }

  @Test
  void aRefusalAndAFailureAreToldApart() {
    answer(
        message ->
            message.fail(
                (message.body().added().isPresent() ? FailureCode.REFUSED : FailureCode.NOT_READY)
                    .code(),
                "why (expected: else)"));
    HttpResponse<String> refused = web.post(HOSTS, D + "}", TOKEN);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("why (expected: else)");
    assertThat(web.send("DELETE", web.web.listening().port(), HOSTS + "/c", TOKEN).statusCode())
        .isEqualTo(503);
  }

  @Test
  void wrongRequestsAreNamed() {
    accept();
    assertThat(web.post(HOSTS, "[", TOKEN).body()).contains("body: not an object");
    assertThat(web.post(HOSTS, "{\"id\": 1}", TOKEN).body()).contains("id: absent or not a text");
    assertThat(web.post(HOSTS, D + ", \"role\": \"x\"}", TOKEN).body()).contains("role");
    assertThat(web.post(HOSTS, "{\"id\": \"d\", \"address\": \"nowhere\"}", TOKEN).body())
        .contains("d=nowhere", "expected");
    assertThat(web.post(HOSTS, "x".repeat(5_000), TOKEN).statusCode()).isEqualTo(413);
    assertThat(web.get(HOSTS).body()).contains("expected: POST");
    assertThat(web.get(HOSTS + "/c").body()).contains("expected: DELETE");
    assertThat(asked).isEmpty();
  }
}
