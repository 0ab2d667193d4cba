package io.aliecs.relay.launcher.tail;

import java.util.List;

/** The topics that {@code tail} knows by name, and what their values are. */
final class KnownTopics {
  /** What is in the values of a topic. */
  enum Content {
    NOTIFICATION,
    ACTIVE_RUNS,
    ALIECS_EVENT,
    UNKNOWN
  }

  static final String ACTIVE_RUNS = "aliecs.env_list.RUNNING";
  private static final String STATE = "aliecs.env_state.";
  private static final String LEAVE = "aliecs.env_leave_state.";
  private static final String BEFORE_START = "aliecs.before_start_activity";
  private static final String AFTER_START = "aliecs.after_start_activity";
  private static final String START = "aliecs.start_activity";

  /** What the relay publishes: followed when no topic is named. */
  static final List<String> PUBLISHED =
      List.of(
          BEFORE_START,
          LEAVE + "STANDBY",
          LEAVE + "DEPLOYED",
          LEAVE + "CONFIGURED",
          LEAVE + "RUNNING",
          LEAVE + "ERROR",
          STATE + "STANDBY",
          STATE + "DEPLOYED",
          STATE + "CONFIGURED",
          STATE + "RUNNING",
          STATE + "ERROR",
          STATE + "UNKNOWN",
          START,
          AFTER_START,
          ACTIVE_RUNS);

  private KnownTopics() {}

  static Content content(String topic) {
    if (topic.equals(ACTIVE_RUNS)) {
      return Content.ACTIVE_RUNS;
    } else if (topic.equals("aliecs.environment") || topic.equals("aliecs.run")) {
      return Content.ALIECS_EVENT;
    } else if (topic.startsWith(STATE)
        || topic.startsWith(LEAVE)
        || topic.equals(BEFORE_START)
        || topic.equals(AFTER_START)
        || topic.equals(START)) {
      return Content.NOTIFICATION;
    }
    return Content.UNKNOWN;
  }

  /** Where records of one moment belong: before the start, leaving, entering, lists, the rest. */
  static int rank(String topic) {
    int index = PUBLISHED.indexOf(topic);
    return index < 0 ? PUBLISHED.size() : index;
  }
}
