package io.aliecs.relay.domain.message;

import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/** One message on its way to Kafka. */
public sealed interface OutboxMessage {

  String topic();

  /** A message about one environment. */
  record Notification(String topic, EnvironmentInfo environment) implements OutboxMessage {}

  /**
   * The whole list of active runs, kept as the difference to the list before it, so that an entry
   * does not grow with the number of runs.
   *
   * @param started the run that this list has and the one before it had not, or that changed
   * @param endedEnvironmentId the environment whose run the one before it had and this has not
   */
  record ActiveRuns(@Nullable EnvironmentInfo started, @Nullable String endedEnvironmentId)
      implements OutboxMessage {

    /** A list with the same runs as the one before it. */
    public static final ActiveRuns UNCHANGED = new ActiveRuns(null, null);

    @Override
    public String topic() {
      return Topics.ACTIVE_RUNS;
    }

    /** The list that comes of the one before it; both by environment. */
    public PMap<String, EnvironmentInfo> applyTo(PMap<String, EnvironmentInfo> before) {
      PMap<String, EnvironmentInfo> runs =
          endedEnvironmentId == null ? before : before.minus(endedEnvironmentId);
      return started == null ? runs : runs.plus(started.environmentId(), started);
    }
  }
}
