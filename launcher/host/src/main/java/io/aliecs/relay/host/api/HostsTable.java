package io.aliecs.relay.host.api;

import io.aliecs.relay.host.terminal.Aligned;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hosts of a cluster as a table for people. Pure. */
final class HostsTable {
  private static final List<String> HEAD = List.of("HOST", "ADDRESS", "LEADS", "BEHIND", "HEARD");

  private HostsTable() {}

  /**
   * The lines of a table, and one on the host that was asked.
   *
   * @param answer of {@code GET /api/v1/cluster}
   */
  static List<String> lines(JsonObject answer) {
    List<List<String>> rows = new ArrayList<>(List.of(HEAD));
    JsonArray hosts = answer.getJsonArray("hosts");
    for (int i = 0; i < hosts.size(); i++) {
      rows.add(row(hosts.getJsonObject(i)));
    }
    List<String> lines = new ArrayList<>(Aligned.lines(rows));
    lines.add(seenFrom(answer));
    return lines;
  }

  private static List<String> row(JsonObject host) {
    return List.of(
        String.valueOf(host.getString("id")),
        String.valueOf(host.getString("address")),
        Boolean.TRUE.equals(host.getBoolean("leader")) ? "yes" : "",
        known(host.getLong("behind"), ""),
        known(host.getLong("lastHeardMs"), " ms ago"));
  }

  private static String known(@Nullable Long value, String unit) {
    return value == null ? "?" : value + unit;
  }

  private static String seenFrom(JsonObject answer) {
    String host = answer.getString("host") + " is ";
    String leader = answer.getString("leader");
    return switch (answer.getString("role")) {
      case "leader" -> host + "the leader, term " + answer.getLong("term");
      case "follower" -> host + "current; only " + leader + ", which leads, knows of the others";
      default -> host + "cut off: what it says may be old";
    };
  }
}
