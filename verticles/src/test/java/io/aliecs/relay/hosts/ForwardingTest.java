package io.aliecs.relay.hosts;

import static io.aliecs.relay.hosts.ControlHosts.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any of three hosts takes events and has the one that leads append them. */
@Tag("slow")
class ForwardingTest {
  private static final int PIPELINED = 200;

  @TempDir Path folder;
  private ControlHosts hosts;

  @BeforeEach
  void start() throws Exception {
    hosts = new ControlHosts(folder, 3, id -> Optional.empty()).startAll();
  }

  @AfterEach
  void stop() throws Exception {
    hosts.close();
  }

  private String follower() {
    String leader = hosts.leader();
    return hosts.ids().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  @Test
  void everyHostReachesTheLeaderAndItsSuccessorAndWhatIsRepeatedIsAppliedOnce() throws Exception {
    String follower = follower();
    String leader = hosts.leader();
    assertThat(hosts.send(follower, event("1", "CREATED", "")).verdict())
        .isEqualTo(Verdict.APPLIED);
    assertThat(hosts.send(leader, event("1", "CREATED", "")).verdict())
        .isEqualTo(Verdict.DUPLICATE);
    EnvironmentEventRecord record =
        EnvironmentEventRecord.newBuilder()
            .setVersion(1)
            .setEventId("2")
            .setEnvironmentId(ControlHosts.ENVIRONMENT)
            .setMoment("ENTERED")
            .setTransition("DEPLOY")
            .build();
    assertThat(hosts.send(follower, Buffer.buffer(record.toByteArray())).verdict())
        .isEqualTo(Verdict.APPLIED);

    hosts.stop(leader);
    assertThat(hosts.send(follower, event("3", "ENTERED", "CONFIGURE")).verdict())
        .isIn(Verdict.APPLIED, Verdict.DUPLICATE);
    for (String id : hosts.ids()) {
      assertThat(hosts.send(id, event("3", "ENTERED", "CONFIGURE")).verdict())
          .isEqualTo(Verdict.DUPLICATE);
    }
    hosts.awaitState(State.CONFIGURED);
  }

  @Test
  void whatOneSenderSendsIsAppliedInItsOrder() throws Exception {
    String follower = follower();
    hosts.send(follower, event("created", "CREATED", ""));
    List<Future<JsonObject>> replies = new ArrayList<>();
    for (int i = 0; i < PIPELINED; i++) {
      JsonObject event = event("e" + i, "OBSERVED", "").put("timestamp", 10_000_000_000_000L + i);
      event.put("observed", true);
      replies.add(hosts.ask(follower, event.put("state", i % 2 == 0 ? "DEPLOYED" : "CONFIGURED")));
    }
    for (Future<JsonObject> reply : replies) {
      // An event that another one had overtaken would be stale.
      assertThat(reply.await().getString("verdict")).isIn("APPLIED", "ADOPTED");
    }
  }

  @Test
  void whatIsWrongComesBackAtOnceAndWhatIsNotKnownIsNamed() throws Exception {
    String follower = follower();
    hosts.send(follower, event("1", "CREATED", ""));

    assertRefused(
        hosts.ask(follower, event("2", "ENTERED", "DEPLOY").put("version", 2)),
        FailureCode.REFUSED,
        "version: 2 (expected: 1 to 1)");
    assertRefused(
        hosts.ask(follower, event("3", "NEVER", "DEPLOY")),
        FailureCode.REFUSED,
        "moment: \"NEVER\"");
    assertRefused(
        hosts.ask(follower, event("4", "ENTERED", "DEPLOY").put("environmentId", "other")),
        FailureCode.UNKNOWN_ENVIRONMENT,
        "an event CREATED first");
    JsonObject reply =
        hosts.ask(follower, event("5", "ENTERED", "DEPLOY").put("later", true)).await();
    assertThat(reply.getInteger("version")).isEqualTo(1);
    assertThat(reply.getString("verdict")).isEqualTo("APPLIED");
    assertThat(reply.getJsonArray("skipped")).containsExactly("later");
  }

  @Test
  void aHostThatKnowsNoLeaderSaysSoAtOnce() throws Exception {
    String last = follower();
    for (String id : hosts.ids()) {
      if (!id.equals(last)) {
        hosts.stop(id);
      }
    }
    org.awaitility.Awaitility.await()
        .atMost(ControlHosts.PATIENCE)
        .untilAsserted(
            () ->
                assertRefused(
                    hosts.ask(last, event("1", "CREATED", "")),
                    FailureCode.NOT_LEADER,
                    "no leader is known"));
  }

  private static void assertRefused(Future<?> sent, FailureCode code, String part) {
    assertThatThrownBy(sent::await)
        .isInstanceOf(ReplyException.class)
        .hasMessageContaining(part)
        .satisfies(failure -> assertThat(code.is(failure)).isTrue());
  }
}
