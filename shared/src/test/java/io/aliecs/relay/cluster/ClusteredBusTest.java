package io.aliecs.relay.cluster;

import static io.aliecs.relay.cluster.Members.ask;
import static io.aliecs.relay.cluster.Members.await;
import static io.aliecs.relay.cluster.Members.awaitAnswer;
import static io.aliecs.relay.cluster.Members.awaitHosts;
import static io.aliecs.relay.cluster.Members.consume;
import static io.aliecs.relay.cluster.Members.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.dev.TcpProxy;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusteredBusTest {
  private final Members members = new Members();

  @AfterEach
  void closeAll() throws Exception {
    members.close();
  }

  private static ClusterHost host(String id, int port) {
    return new ClusterHost(id, "127.0.0.1", port);
  }

  private static List<ClusterHost> three() {
    int first = FreePort.find(9);
    return List.of(host("a", first), host("b", first + 3), host("c", first + 6));
  }

  @Test
  void a_request_from_any_host_or_guest_reaches_the_host_that_consumes_now() throws Exception {
    List<ClusterHost> hosts = three();
    ClusteredBus guest = members.guest(hosts);
    ClusteredBus a = members.host("a", hosts);
    ClusteredBus b = members.host("b", hosts);
    ClusteredBus c = members.host("c", hosts);
    MessageConsumer<String> first = consume(a, "from a");
    for (ClusteredBus bus : List.of(a, b, c, guest)) {
      awaitAnswer(bus, "from a");
      awaitHosts(bus, "a", "b", "c");
    }
    get(first.unregister());
    consume(b, "from b");
    for (ClusteredBus bus : List.of(a, b, c, guest)) {
      awaitAnswer(bus, "from b");
      assertThat(ask(bus)).isEqualTo("from b");
    }
    get(b.vertx().close());
    for (ClusteredBus bus : List.of(a, c, guest)) {
      awaitHosts(bus, "a", "c");
      assertThat(ask(bus)).contains("No handlers");
    }
  }

  @Test
  void a_host_that_is_not_in_the_lists_of_the_others_is_taken_when_it_knows_them()
      throws Exception {
    List<ClusterHost> hosts = three();
    ClusteredBus a = members.host("a", hosts.subList(0, 2));
    ClusteredBus b = members.host("b", hosts.subList(0, 2));
    ClusteredBus c = members.host("c", hosts);
    consume(c, "from c");
    awaitAnswer(a, "from c");
    awaitAnswer(b, "from c");
    awaitHosts(a, "a", "b", "c");
  }

  @Test
  void what_is_of_one_host_does_not_leave_it_and_cannot_be_asked_for_from_elsewhere()
      throws Exception {
    List<ClusterHost> hosts = three().subList(0, 2);
    ClusteredBus a = members.host("a", hosts);
    ClusteredBus b = members.host("b", hosts);
    LocalRecords.register(a.vertx());
    LocalRecords.register(b.vertx());
    consume(b, "there");
    awaitAnswer(a, "there");
    Queue<Object> leaked = new ConcurrentLinkedQueue<>();
    Queue<Object> heard = new ConcurrentLinkedQueue<>();
    EventBus far = b.vertx().eventBus();
    get(far.consumer(BusAddresses.SETTINGS_CHANGED, m -> leaked.add(m.body())).completion());
    EventBus near = a.vertx().eventBus();
    get(near.localConsumer(BusAddresses.SETTINGS_CHANGED, m -> heard.add(m.body())).completion());
    get(
        near.localConsumer(BusAddresses.JOURNAL_STATUS, m -> m.reply("x", LocalRecords.LOCAL))
            .completion());

    near.publish(
        BusAddresses.SETTINGS_CHANGED, new ComponentStatus(true, "", "", 0), LocalRecords.LOCAL);
    await().until(() -> heard.size() == 1);
    assertThatThrownBy(() -> get(far.request(BusAddresses.JOURNAL_STATUS, null)))
        .hasCauseInstanceOf(ReplyException.class)
        .satisfies(
            failure ->
                assertThat(((ReplyException) failure.getCause()).failureType())
                    .isEqualTo(ReplyFailure.NO_HANDLERS));
    assertThat(ask(a)).isEqualTo("there"); // behind what would have leaked, on the same connection
    assertThat(leaked).isEmpty();
  }

  @Test
  void after_a_split_is_healed_consumers_of_both_sides_are_reached_again() throws Exception {
    int first = FreePort.find(6);
    try (TcpProxy toB = TcpProxy.start("127.0.0.1", first + 5);
        TcpProxy toA = TcpProxy.start("127.0.0.1", first + 2)) {
      ClusteredBus a = members.host("a", List.of(host("a", first), host("b", toB.port() - 2)));
      ClusteredBus b = members.host("b", List.of(host("a", toA.port() - 2), host("b", first + 3)));
      consume(a, "from a");
      awaitAnswer(b, "from a");
      toA.halfOpen();
      toB.halfOpen();
      awaitHosts(a, "a");
      awaitHosts(b, "b");
      assertThat(ask(b)).contains("No handlers");
      toA.heal();
      toB.heal();
      awaitHosts(a, "a", "b");
      awaitAnswer(b, "from a");
      consume(b, "from b");
      await().until(() -> ask(a), "from b"::equals);
    }
  }

  @Test
  void what_is_no_announcement_is_refused_and_disturbs_nobody() throws Exception {
    List<ClusterHost> hosts = three().subList(0, 2);
    ClusteredBus a = members.host("a", hosts);
    ClusteredBus b = members.host("b", hosts);
    consume(a, "from a");
    awaitAnswer(b, "from a");
    for (String line :
        List.of(
            "GET / HTTP/1.1\n",
            "{\"version\": 2, \"node\": \"n\"}\n",
            "{\"version\": 1, \"node\": 5}\n",
            "{\"version\": 1}\n",
            "x".repeat(100_000))) {
      assertThat(sentAndEnded(hosts.get(0).membersPort(), line)).isTrue();
    }
    assertThat(ask(b)).isEqualTo("from a");
    assertThat(a.hosts()).containsExactlyInAnyOrder("a", "b");
  }

  /** Whether the other side has ended the connection after that. */
  private static boolean sentAndEnded(int port, String line) throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
      try {
        while (socket.getInputStream().read() >= 0) {
          continue; // what it says of itself
        }
      } catch (java.net.SocketException reset) {
        return true;
      }
      return true;
    }
  }

  @Test
  void what_hosts_do_not_share_is_refused_with_a_reason() throws Exception {
    ClusteredBus a = members.host("a", three().subList(0, 1));
    assertThatThrownBy(() -> get(a.vertx().sharedData().getClusterWideMap("m")))
        .hasMessageContaining("map m: not shared between hosts");
  }
}
