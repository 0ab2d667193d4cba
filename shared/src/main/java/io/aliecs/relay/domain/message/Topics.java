package io.aliecs.relay.domain.message;

import io.aliecs.relay.domain.aliecs.State;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The usual names of the published topics. */
public final class Topics {
  /** What the usual names begin with; Kafka's may begin otherwise: {@link TopicNames}. */
  public static final String PREFIX = "aliecs.";

  /** Prefix of the topics for states that were entered; the state's name follows. */
  public static final String ENTERED_PREFIX = PREFIX + "env_state.";

  /** Prefix of the topics for states that are about to be left; the state's name follows. */
  public static final String LEAVING_PREFIX = PREFIX + "env_leave_state.";

  /** Start of run: an environment has entered RUNNING. */
  public static final String SOR = ENTERED_PREFIX + State.RUNNING;

  /** The list of all active runs. */
  public static final String ACTIVE_RUNS = PREFIX + "env_list.RUNNING";

  /** START_ACTIVITY has its run number and has not left CONFIGURED yet. */
  public static final String BEFORE_START = PREFIX + "before_start_activity";

  /** Only when switched on: START_ACTIVITY is over. */
  public static final String AFTER_START = PREFIX + "after_start_activity";

  /** The relay's own: how far publishing has come. */
  public static final String WATERMARK = PREFIX + "relay.watermark";

  private Topics() {}

  /** The topic for {@code state} having been entered. */
  public static String entered(State state) {
    return ENTERED_PREFIX + state;
  }

  /** The topic for {@code state} being about to be left. */
  public static String leaving(State state) {
    return LEAVING_PREFIX + state;
  }

  /** Every topic whose records have the environment id as key, but {@link #AFTER_START}. */
  public static List<String> perEnvironment() {
    return Stream.of(
            Arrays.stream(State.values()).filter(s -> s != State.DONE).map(Topics::entered),
            Arrays.stream(State.values()).filter(State::isLive).map(Topics::leaving),
            Stream.of(BEFORE_START))
        .flatMap(topics -> topics)
        .toList();
  }

  /** Every topic for readers, but {@link #AFTER_START}, which repeats {@link #SOR}. */
  public static List<String> published() {
    return Stream.concat(perEnvironment().stream(), Stream.of(ACTIVE_RUNS)).toList();
  }
}
