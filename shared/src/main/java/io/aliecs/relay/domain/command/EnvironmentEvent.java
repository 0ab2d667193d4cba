package io.aliecs.relay.domain.command;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an environment: the input of the state machine.
 *
 * @param eventId chosen by the sender, the same on every repetition; an event is applied once
 * @param environmentId which environment
 * @param type what happened
 * @param transition the transition it is part of; required for {@link EventType#BEFORE}, {@link
 *     EventType#LEAVING} and {@link EventType#ENTERED} unless {@code observed}
 * @param state the state that the event is about; derived from the transition when absent
 * @param runNumber 1 to 2<sup>32</sup>−1, or absent
 * @param runType for example PHYSICS, or absent when the sender does not know it
 * @param detectors in the sender's order, or absent when the sender does not know them
 * @param kafkaEnabled the environment's own {@code kafka_enabled}, or absent when it has none; only
 *     looked at when the environment becomes known
 * @param workflow name of the workflow that the environment runs, or absent when it is not known
 * @param workflowMeant whether messages of that workflow are meant to be published, or absent when
 *     it is not known; an environment whose workflow is not meant is tracked and never published
 * @param timestamp when it happened, ms since epoch
 * @param enteredAt when {@code state} was entered, ms since epoch; absent: at {@code timestamp}
 * @param observed true when the event reports what an environment did, so that a step that was
 *     missed is made up for; false when a sender asks for a legal step, so that any other is
 *     refused
 * @param source the record it was read from, when it comes from AliECS's stream
 */
public record EnvironmentEvent(
    String eventId,
    String environmentId,
    EventType type,
    @Nullable Transition transition,
    @Nullable State state,
    @Nullable Long runNumber,
    @Nullable String runType,
    @Nullable List<String> detectors,
    @Nullable Boolean kafkaEnabled,
    @Nullable String workflow,
    @Nullable Boolean workflowMeant,
    long timestamp,
    @Nullable Long enteredAt,
    boolean observed,
    @Nullable SourcePosition source)
    implements Command {

  /** Largest value of the wire's uint32. */
  public static final long MAX_RUN_NUMBER = 0xFFFF_FFFFL;

  /** Longest environment id, in characters (AliECS's have 11). */
  public static final int MAX_ENVIRONMENT_ID = 256;

  /** Longest name of a workflow, in characters. */
  public static final int MAX_WORKFLOW = 256;

  /** Longest name of a detector or run type, in characters. */
  public static final int MAX_NAME = 128;

  /** The most detectors of an environment. */
  public static final int MAX_DETECTORS = 128;

  public EnvironmentEvent {
    Objects.requireNonNull(type, "moment");
    Limits.checkLength("eventId", eventId, 1, Limits.EVENT_ID);
    Limits.checkLength("environmentId", environmentId, 1, MAX_ENVIRONMENT_ID);
    if (runNumber != null && (runNumber < 1 || runNumber > MAX_RUN_NUMBER)) {
      throw Limits.invalid("runNumber", runNumber.toString(), "1 to " + MAX_RUN_NUMBER);
    }
    if (runType != null) {
      Limits.checkLength("runType", runType, 0, MAX_NAME);
    }
    if (detectors != null) {
      detectors = List.copyOf(detectors);
      if (detectors.size() > MAX_DETECTORS) {
        throw Limits.invalid("detectors", detectors.size() + " names", "at most " + MAX_DETECTORS);
      }
      detectors.forEach(name -> Limits.checkLength("detectors", name, 1, MAX_NAME));
    }
    if (workflow != null) {
      Limits.checkLength("workflow", workflow, 0, MAX_WORKFLOW);
    }
    Limits.checkTimestamp("timestamp", timestamp);
    if (enteredAt != null) {
      Limits.checkTimestamp("enteredAt", enteredAt);
    }
    if (!observed && needsTransition(type) && transition == null) {
      throw Limits.invalid("transition", "absent", "the name of a transition with " + type);
    }
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.environmentEvent(this);
  }

  /** Whether it reports that the environment is gone. */
  public boolean reportsEnd() {
    return observed && (type == EventType.DESTROYED || (state != null && !state.isLive()));
  }

  /**
   * Whether it reports that the environment is gone or is about to go; where that failed, it stays.
   */
  public boolean isPartOfEnd() {
    return reportsEnd()
        || type == EventType.DESTROYED
        || type == EventType.TORN_DOWN
        || (type != EventType.FAILED && transition != null && transition.isForGood());
  }

  private static boolean needsTransition(EventType type) {
    return type == EventType.BEFORE || type == EventType.LEAVING || type == EventType.ENTERED;
  }

  /** Starts an event; what is not set is absent. */
  public static Builder builder(String environmentId, EventType type, long timestamp) {
    return new Builder(environmentId, type, timestamp);
  }

  /** Collects the fields of an event. Not thread safe. */
  public static final class Builder {
    private final String environmentId;
    private final EventType type;
    private final long timestamp;
    private String eventId = "";
    private @Nullable Transition transition;
    private @Nullable State state;
    private @Nullable Long runNumber;
    private @Nullable String runType;
    private @Nullable List<String> detectors;
    private @Nullable Boolean kafkaEnabled;
    private @Nullable String workflow;
    private @Nullable Boolean workflowMeant;
    private @Nullable Long enteredAt;
    private boolean observed;
    private @Nullable SourcePosition source;

    private Builder(String environmentId, EventType type, long timestamp) {
      this.environmentId = environmentId;
      this.type = type;
      this.timestamp = timestamp;
    }

    public Builder eventId(String value) {
      eventId = value;
      return this;
    }

    public Builder transition(@Nullable Transition value) {
      transition = value;
      return this;
    }

    public Builder state(@Nullable State value) {
      state = value;
      return this;
    }

    public Builder runNumber(@Nullable Long value) {
      runNumber = value;
      return this;
    }

    public Builder runType(@Nullable String value) {
      runType = value;
      return this;
    }

    public Builder detectors(@Nullable List<String> value) {
      detectors = value;
      return this;
    }

    public Builder kafkaEnabled(@Nullable Boolean value) {
      kafkaEnabled = value;
      return this;
    }

    public Builder workflow(@Nullable String value) {
      workflow = value;
      return this;
    }

    public Builder workflowMeant(@Nullable Boolean value) {
      workflowMeant = value;
      return this;
    }

    public Builder enteredAt(@Nullable Long value) {
      enteredAt = value;
      return this;
    }

    public Builder observed(boolean value) {
      observed = value;
      return this;
    }

    public Builder source(@Nullable SourcePosition value) {
      source = value;
      return this;
    }

    /**
     * The event.
     *
     * @throws IllegalArgumentException when a field is out of its range; the message names it
     */
    public EnvironmentEvent build() {
      return new EnvironmentEvent(
          eventId,
          environmentId,
          type,
          transition,
          state,
          runNumber,
          runType,
          detectors,
          kafkaEnabled,
          workflow,
          workflowMeant,
          timestamp,
          enteredAt,
          observed,
          source);
    }
  }
}
