package io.aliecs.relay.environment;

import static io.aliecs.relay.environment.ControlHosts.PATIENCE;
import static io.aliecs.relay.environment.ControlHosts.event;
import static io.aliecs.relay.environment.ControlHosts.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.EventSender;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.cluster.ClusteredBus;
import io.aliecs.relay.domain.State;
import io.aliecs.relay.domain.Verdict;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events from guests of a bus of three hosts, each with its part of the journal. */
class ClusteredEventsTest {
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

  private EventSender sender(ClusteredBus bus) {
    return new EventSender(bus.vertx(), PATIENCE);
  }

  @Test
  void aGuestReachesTheLeaderAndItsSuccessorAndWhatItRepeatsIsAppliedOnce() throws Exception {
    EventSender guest = sender(hosts.guest("guest"));
    EventSender onAHost = sender(hosts.bus("relay-2"));

    assertThat(get(guest.send(event("1", "CREATED", ""))).verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(get(onAHost.send(event("1", "CREATED", ""))).verdict()).isEqualTo(Verdict.DUPLICATE);
    EnvironmentEventRecord record =
        EnvironmentEventRecord.newBuilder()
            .setVersion(1)
            .setEventId("2")
            .setEnvironmentId(ControlHosts.ENVIRONMENT)
            .setMoment("ENTERED")
            .setTransition("DEPLOY")
            .build();
    assertThat(get(guest.send(record)).verdict()).isEqualTo(Verdict.APPLIED);

    String leader = hosts.leader();
    Future<TransitionReply> during = guest.send(event("3", "ENTERED", "CONFIGURE"));
    hosts.stop(leader);
    assertThat(get(during).verdict()).isIn(Verdict.APPLIED, Verdict.DUPLICATE);
    List<EventSender> all = new ArrayList<>(List.of(guest));
    hosts.ids().forEach(id -> all.add(sender(hosts.bus(id))));
    for (EventSender any : all) {
      assertThat(get(any.send(event("3", "ENTERED", "CONFIGURE"))).verdict())
          .isEqualTo(Verdict.DUPLICATE);
    }
    hosts.awaitState(State.CONFIGURED);
  }

  @Test
  void whatIsWrongComesBackAtOnceAndWhatIsNotKnownIsNamed() throws Exception {
    ClusteredBus guest = hosts.guest("guest");
    EventSender sender = sender(guest);
    get(sender.send(event("1", "CREATED", "")));

    assertRefused(
        sender.send(event("2", "ENTERED", "DEPLOY").put("version", 2)),
        FailureCode.REFUSED,
        "version: 2 (expected: 1 to 1)");
    assertRefused(
        sender.send(event("3", "NEVER", "DEPLOY")), FailureCode.REFUSED, "moment: \"NEVER\"");
    assertRefused(
        sender.send(event("4", "ENTERED", "DEPLOY").put("environmentId", "other")),
        FailureCode.UNKNOWN_ENVIRONMENT,
        "an event CREATED first");
    JsonObject reply =
        get(
            guest
                .vertx()
                .eventBus()
                .<JsonObject>request(
                    BusAddresses.ENVIRONMENT_TRANSITION,
                    event("5", "ENTERED", "DEPLOY").put("later", true))
                .map(answer -> answer.body()));
    assertThat(reply.getInteger("version")).isEqualTo(1);
    assertThat(reply.getString("verdict")).isEqualTo("APPLIED");
    assertThat(reply.getJsonArray("skipped")).containsExactly("later");
  }

  private static void assertRefused(Future<?> sent, FailureCode code, String part) {
    assertThatThrownBy(() -> get(sent))
        .cause()
        .isInstanceOf(ReplyException.class)
        .hasMessageContaining(part)
        .satisfies(failure -> assertThat(code.is(failure)).isTrue());
  }

  @Test
  void nothingOfOneHostIsToBeHadFromAnother() throws Exception {
    ClusteredBus guest = hosts.guest("guest");
    get(sender(guest).send(event("1", "CREATED", "")));
    for (String address :
        List.of(
            BusAddresses.ENVIRONMENT_STATE,
            BusAddresses.CLUSTER_STATUS,
            BusAddresses.JOURNAL_APPEND,
            BusAddresses.JOURNAL_STATUS)) {
      assertThatThrownBy(() -> get(guest.vertx().eventBus().request(address, null)))
          .hasMessageContaining("No handlers for address " + address);
    }
  }
}
