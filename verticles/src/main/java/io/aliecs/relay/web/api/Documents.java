package io.aliecs.relay.web.api;

import io.aliecs.relay.domain.Environment;
import io.aliecs.relay.web.http.Document;
import io.aliecs.relay.web.state.Snapshot;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serialises the lists at most once for each snapshot, and only when somebody asks: neither a
 * thousand changes without a reader nor a thousand readers without a change cost anything.
 *
 * <p>For one event loop.
 */
final class Documents {
  private static final String RUNS = "runs";

  /** Tags of this process match those of no other: versions start anew with each. */
  private final String boot = UUID.randomUUID().toString().substring(0, 8);

  private final Map<String, Document> made = new HashMap<>();
  private long madeFor;

  /** The active runs when they are serialised already, else null. */
  @Nullable Document runsIfMade(Snapshot snapshot) {
    return madeFor == snapshot.version() ? made.get(RUNS) : null;
  }

  Document runs(Snapshot snapshot, EnvironmentFilter filter) {
    return filter.isAny()
        ? once(snapshot, RUNS, () -> ApiJson.runs(snapshot, filter))
        : Document.of(ApiJson.runs(snapshot, filter), etag(snapshot));
  }

  Document environments(Snapshot snapshot, EnvironmentFilter filter) {
    return filter.isAny()
        ? once(snapshot, "environments", () -> ApiJson.environments(snapshot, filter))
        : Document.of(ApiJson.environments(snapshot, filter), etag(snapshot));
  }

  Document environment(Snapshot snapshot, Environment environment) {
    return Document.of(ApiJson.environment(snapshot, environment), etag(snapshot));
  }

  private Document once(Snapshot snapshot, String key, Supplier<JsonObject> json) {
    if (madeFor != snapshot.version()) {
      made.clear();
      madeFor = snapshot.version();
    }
    return made.computeIfAbsent(key, k -> Document.of(json.get(), etag(snapshot)));
  }

  private String etag(Snapshot snapshot) {
    return "W/\"" + boot + "-" + snapshot.version() + "\"";
  }
}
