package io.aliecs.relay.web.api.json;

import io.aliecs.relay.bus.status.ClusterStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The JSON of the cluster, as {@code openapi.json} describes it. Pure functions. */
public final class ClusterJson {

  private ClusterJson() {}

  /** What this host knows of the cluster. */
  public static JsonObject cluster(ClusterStatus status) {
    JsonArray hosts = new JsonArray();
    status.members().forEach(member -> hosts.add(host(status, member)));
    return new JsonObject()
        .put("host", status.hostId())
        .put("role", role(status))
        .put("leader", status.leaderId().isEmpty() ? null : status.leaderId())
        .put("term", status.term())
        .put("heardFromLeaderMs", known(status.heardMs()))
        .put("journalIndex", status.index())
        .put("behind", known(status.behind()))
        .put("certificateUntil", known(status.certificateUntil()))
        .put("hosts", hosts);
  }

  /** A leader that no majority answers is cut off as well: another may lead already. */
  private static String role(ClusterStatus status) {
    if (!status.current()) {
      return "cut off";
    }
    return status.leading() ? "leader" : "follower";
  }

  private static JsonObject host(ClusterStatus status, ClusterStatus.Member member) {
    return new JsonObject()
        .put("id", member.id())
        .put("address", member.address())
        .put("leader", member.id().equals(status.leaderId()))
        .put("behind", known(member.behind()))
        .put("lastHeardMs", known(member.heardMs()));
  }

  private static @Nullable Long known(long value) {
    return value == ClusterStatus.UNKNOWN ? null : Long.valueOf(value);
  }
}
