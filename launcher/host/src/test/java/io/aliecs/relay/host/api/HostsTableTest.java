package io.aliecs.relay.host.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The table of {@code relay hosts}. */
class HostsTableTest {
  @Test
  void aLeaderTellsOfAll() {
    assertThat(
            HostsTable.lines(
                cluster("a", "leader", host("a", true, 0L, 0L), host("b", false, 7L, 12L))))
        .containsExactly(
            "HOST  ADDRESS        LEADS  BEHIND  HEARD",
            "a     10.0.0.1:8701  yes    0       0 ms ago",
            "b     10.0.0.1:8701         7       12 ms ago",
            "a is the leader, term 3");
  }

  @Test
  void aFollowerSaysWhoKnowsMore() {
    assertThat(
            HostsTable.lines(
                cluster("b", "follower", host("a", true, null, 5L), host("b", false, null, 0L))))
        .contains("a     10.0.0.1:8701  yes    ?       5 ms ago")
        .endsWith("b is current; only a, which leads, knows of the others");
  }

  @Test
  void aHostThatIsCutOffSaysSo() {
    assertThat(HostsTable.lines(cluster("b", "cut off", host("b", false, null, 0L))))
        .endsWith("b is cut off: what it says may be old");
  }

  private static JsonObject cluster(String host, String role, JsonObject... hosts) {
    return new JsonObject()
        .put("host", host)
        .put("role", role)
        .put("leader", role.equals("cut off") ? null : "a")
        .put("term", 3)
        .put("hosts", new JsonArray(java.util.List.of(hosts)));
  }

  private static JsonObject host(String id, boolean leads, Long behind, Long heard) {
    return new JsonObject()
        .put("id", id)
        .put("address", "10.0.0.1:8701")
        .put("leader", leads)
        .put("behind", behind)
        .put("lastHeardMs", heard);
  }
}
