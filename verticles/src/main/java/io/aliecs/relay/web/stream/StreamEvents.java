package io.aliecs.relay.web.stream;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.web.api.json.ApiJson;
import io.aliecs.relay.web.api.json.EnvironmentFilter;
import io.aliecs.relay.web.state.Snapshot;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The text of the live stream, as {@code openapi.json} describes it. Pure functions. */
final class StreamEvents {

  /** The place of a client that has seen nothing of this journal; before every index. */
  static final long NOWHERE = Long.MIN_VALUE;

  private StreamEvents() {}

  /** Everything: the active runs as {@code /api/v1/runs} has them, and all environments. */
  static Buffer snapshot(Snapshot snapshot, @Nullable ComponentStatus publisher) {
    JsonObject json = withHost(ApiJson.runs(snapshot, EnvironmentFilter.ANY), snapshot, publisher);
    json.put(
        "environments",
        ApiJson.environments(snapshot, EnvironmentFilter.ANY).getJsonArray("environments"));
    return event("snapshot", snapshot, json);
  }

  /**
   * What is true now of the environments that changed.
   *
   * @param order the environments with an active run, in the order of the list; null when it is the
   *     same as before
   */
  static Buffer change(
      Snapshot snapshot,
      @Nullable ComponentStatus publisher,
      Set<String> environmentIds,
      @Nullable List<String> order) {
    JsonArray runs = new JsonArray();
    JsonArray environments = new JsonArray();
    JsonArray removed = new JsonArray();
    for (String id : new TreeSet<>(environmentIds)) {
      Environment environment = snapshot.state().environments().get(id);
      if (environment == null) {
        removed.add(id);
        continue;
      }
      environments.add(ApiJson.summary(environment));
      JsonObject run = ApiJson.run(environment);
      if (run != null) {
        runs.add(run);
      }
    }
    JsonObject json =
        withHost(ApiJson.head(snapshot), snapshot, publisher)
            .put("runs", runs)
            .put("order", order == null ? null : new JsonArray(order))
            .put("environments", environments)
            .put("removed", removed);
    return event("change", snapshot, json);
  }

  /** The last event that a client gets. */
  static Buffer cut(String reason, String detail) {
    JsonObject json = new JsonObject().put("reason", reason).put("detail", detail);
    return Buffer.buffer("event: cut\ndata: " + json.encode() + "\n\n");
  }

  /** A comment that keeps the stream alive, with the time of this host. */
  static Buffer heartbeat(long now) {
    return Buffer.buffer(": time " + now + "\n\n");
  }

  /** How long a client should wait before it comes back, with the time of this host. */
  static Buffer hello(long retryMs, long now) {
    return Buffer.buffer("retry: " + retryMs + "\n: time " + now + "\n\n");
  }

  /** The id of the events of a snapshot: its journal index and which journal that is. */
  static String id(Snapshot snapshot) {
    return snapshot.changed().index() + suffix(snapshot);
  }

  /**
   * The journal index that a client has seen, or {@link #NOWHERE} when its id is not of this
   * journal.
   */
  static long index(Snapshot snapshot, String id) {
    String suffix = suffix(snapshot);
    String stripped = id.strip();
    if (snapshot.state().journalId().isEmpty() || !stripped.endsWith(suffix)) {
      return NOWHERE;
    }
    try {
      return Long.parseLong(stripped.substring(0, stripped.length() - suffix.length()));
    } catch (NumberFormatException e) {
      return NOWHERE;
    }
  }

  private static String suffix(Snapshot snapshot) {
    return "-" + Integer.toHexString(snapshot.state().journalId().hashCode());
  }

  private static JsonObject withHost(
      JsonObject json, Snapshot snapshot, @Nullable ComponentStatus publisher) {
    return json.put("pendingChanges", snapshot.state().outbox().size())
        .put("oldestPendingAt", snapshot.state().outbox().oldestPending())
        .put("publisher", publisher == null ? null : ApiJson.component(publisher));
  }

  private static Buffer event(String name, Snapshot snapshot, JsonObject data) {
    String text = "id: " + id(snapshot) + "\nevent: " + name + "\ndata: " + data.encode() + "\n\n";
    return Buffer.buffer(text);
  }
}
