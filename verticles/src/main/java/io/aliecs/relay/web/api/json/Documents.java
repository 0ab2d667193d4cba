package io.aliecs.relay.web.api.json;

import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.web.http.Answer;
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
public final class Documents {
  private static final String RUNS = "runs";
  private static final Key ALL_RUNS = new Key(RUNS, EnvironmentFilter.ANY);

  /** Bytes of filtered lists that are kept for one snapshot. */
  private static final int MOST_FILTERED = 4 * 1024 * 1024;

  private record Key(String list, EnvironmentFilter filter) {}

  /** Tags of this process match those of no other: versions start anew with each. */
  private final String boot = UUID.randomUUID().toString().substring(0, 8);

  private final Map<Key, Answer> made = new HashMap<>();
  private long filtered;
  private long madeFor;

  /** The active runs when they are serialised already, else null. */
  public @Nullable Answer runsIfMade(Snapshot snapshot) {
    return madeFor == snapshot.version() ? made.get(ALL_RUNS) : null;
  }

  /** The active runs that pass the filter. */
  public Answer runs(Snapshot snapshot, EnvironmentFilter filter) {
    return once(snapshot, RUNS, filter, () -> ApiJson.runs(snapshot, filter));
  }

  /** The environments that pass the filter. */
  public Answer environments(Snapshot snapshot, EnvironmentFilter filter) {
    return once(snapshot, "environments", filter, () -> ApiJson.environments(snapshot, filter));
  }

  /** One environment with its timeline. */
  public Answer environment(Snapshot snapshot, Environment environment) {
    return Answer.versioned(ApiJson.environment(snapshot, environment), etag(snapshot));
  }

  /** Those with a filter are kept too, as long as they are few and not large. */
  private Answer once(
      Snapshot snapshot, String list, EnvironmentFilter filter, Supplier<JsonObject> json) {
    if (madeFor != snapshot.version()) {
      made.clear();
      filtered = 0;
      madeFor = snapshot.version();
    }
    Key key = new Key(list, filter);
    Answer known = made.get(key);
    if (known != null) {
      return known;
    }
    Answer answer = Answer.versioned(json.get(), etag(snapshot));
    if (filter.isAny() || filtered + answer.body().length() <= MOST_FILTERED) {
      made.put(key, answer);
      filtered += filter.isAny() ? 0 : answer.body().length();
    }
    return answer;
  }

  private String etag(Snapshot snapshot) {
    return "W/\"" + boot + "-" + snapshot.version() + "\"";
  }
}
