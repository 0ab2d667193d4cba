package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host says of the cluster over HTTP. */
class ClusterTest {
  private static final long UNKNOWN = ClusterStatus.UNKNOWN;

  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  @Test
  void aHostWithoutAnOpenJournalSaysSo() {
    HttpResponse<String> answer = web.get("/api/v1/cluster");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body()).contains("does not run on this host", "expected");
  }

  @Test
  void aLeaderTellsHowFarTheOthersAreBehind() {
    ClusterStatus leads =
        new ClusterStatus(
            "a", "a", true, 4, true, 12, 900, 0, ClusterStatus.UNKNOWN, members(0, 3, UNKNOWN));
    tell(leads);
    assertThat(web.json("/api/v1/cluster").getValue("certificateUntil")).isNull();
    tell(leads.withCertificate(5_000));

    JsonObject cluster = web.json("/api/v1/cluster");
    assertThat(cluster.getLong("certificateUntil")).isEqualTo(5_000);

    assertThat(cluster.getString("role")).isEqualTo("leader");
    assertThat(cluster.getString("leader")).isEqualTo("a");
    assertThat(cluster.getLong("term")).isEqualTo(4);
    assertThat(cluster.getLong("journalIndex")).isEqualTo(900);
    assertThat(host(cluster, 0).getBoolean("leader")).isTrue();
    assertThat(host(cluster, 1).getBoolean("leader")).isFalse();
    assertThat(host(cluster, 1).getLong("behind")).isEqualTo(3);
    assertThat(host(cluster, 1).getString("address")).isEqualTo("10.0.0.2:7300");
    assertThat(host(cluster, 2).getValue("behind")).isNull();
  }

  @Test
  void aFollowerTellsWhoLeadsAndHowOldThatIs() {
    tell(
        new ClusterStatus(
            "b",
            "a",
            false,
            4,
            true,
            80,
            890,
            10,
            ClusterStatus.UNKNOWN,
            members(UNKNOWN, 10, UNKNOWN)));

    JsonObject cluster = web.json("/api/v1/cluster");

    assertThat(cluster.getString("role")).isEqualTo("follower");
    assertThat(cluster.getLong("heardFromLeaderMs")).isEqualTo(80);
    assertThat(cluster.getLong("behind")).isEqualTo(10);
  }

  @Test
  void aHostThatIsCutOffClaimsNeitherALeaderNorToBeCurrent() {
    ClusterStatus cutOff =
        new ClusterStatus(
            "b",
            "",
            false,
            4,
            false,
            9_000,
            890,
            UNKNOWN,
            ClusterStatus.UNKNOWN,
            members(UNKNOWN, UNKNOWN, UNKNOWN));
    tell(cutOff);

    JsonObject cluster = web.json("/api/v1/cluster");

    assertThat(cluster.getString("role")).isEqualTo("cut off");
    assertThat(cluster.getValue("leader")).isNull();
    assertThat(cluster.getValue("behind")).isNull();
    assertThat(cluster.getLong("heardFromLeaderMs")).isEqualTo(9_000);
  }

  @Test
  void aLeaderWithoutAMajorityIsCutOff() {
    tell(
        new ClusterStatus(
            "a", "a", true, 4, false, 9_000, 900, 0, ClusterStatus.UNKNOWN, members(0, 3, 3)));

    assertThat(web.json("/api/v1/cluster").getString("role")).isEqualTo("cut off");
  }

  private void tell(ClusterStatus status) {
    web.answer(BusAddresses.CLUSTER_STATUS, status);
  }

  private static List<ClusterStatus.Member> members(long... behind) {
    return List.of(
        new ClusterStatus.Member("a", "10.0.0.1:7300", 0, behind[0]),
        new ClusterStatus.Member("b", "10.0.0.2:7300", 5, behind[1]),
        new ClusterStatus.Member("c", "10.0.0.3:7300", UNKNOWN, behind[2]));
  }

  private static JsonObject host(JsonObject cluster, int position) {
    return cluster.getJsonArray("hosts").getJsonObject(position);
  }
}
