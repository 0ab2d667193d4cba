package io.aliecs.relay.settings;

import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.List;

/**
 * What the relay has made of the switches in Consul: what is in force, and everything a person
 * ought to know about it. Answered by the config verticle on the event bus; immutable.
 *
 * @param inForce the settings in force, with the Consul indexes they were read from; {@link
 *     PublishingSettings#NONE} until a good settings document has been seen
 * @param established whether a good settings document has ever been seen by this process
 * @param consulReachable whether Consul answered the last time it was asked for anything
 * @param lastAnswerMs when Consul last gave a usable answer, in ms since the epoch, 0 for never
 * @param problems why the newest values are not (or not quite) what is in force, empty when all is
 *     well
 * @param settingsKey the Consul key of the settings document
 * @param kafkaEnabledKey the Consul key of the default for new environments
 */
public record SettingsStatus(
    PublishingSettings inForce,
    boolean established,
    boolean consulReachable,
    long lastAnswerMs,
    List<Problem> problems,
    String settingsKey,
    String kafkaEnabledKey) {

  public SettingsStatus {
    problems = List.copyOf(problems);
  }

  /** What can be wrong with a key. */
  public enum Kind {
    /** The key is not there. */
    MISSING,
    /** The value was not understood and is not in force; what was good before it still is. */
    REFUSED,
    /** The value is in force, but is probably not what its author meant. */
    SURPRISING,
    /** Consul could not be asked; what was read last is in force. */
    UNREADABLE
  }

  /**
   * One thing that is wrong.
   *
   * @param consulKey the key it is about
   * @param kind what sort of thing
   * @param message one sentence for people, with place, found and expected; never longer than a few
   *     hundred characters, and free of control characters
   * @param modifyIndex Consul's {@code ModifyIndex} of the value in question, 0 when there is none
   * @param sinceMs when it was first seen, in ms since the epoch
   */
  public record Problem(
      String consulKey, Kind kind, String message, long modifyIndex, long sinceMs) {

    /** True when both are the same about the same value, whenever they were seen. */
    public boolean sameAs(Problem other) {
      return consulKey.equals(other.consulKey)
          && kind == other.kind
          && message.equals(other.message)
          && modifyIndex == other.modifyIndex;
    }
  }
}
