package io.aliecs.relay.domain.command;

import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes through the journal: applied in the same order on every control host. */
public sealed interface Command
    permits EnvironmentEvent,
        Command.JournalCreated,
        Command.SettingsChanged,
        Command.SourceJoined,
        Command.SourceMoved,
        Command.PublishingStarted,
        Command.Delivered,
        Command.Parked,
        Command.Resent,
        Command.HistoryLimited,
        Command.CoreStarted,
        Command.EnvironmentEnded,
        Command.ResendRequested {

  /** Calls the visitor with this kind of command. */
  <R> R accept(Visitor<R> visitor);

  /**
   * Handles commands, each kind in its own way. A new kind does not compile until every visitor
   * knows it.
   */
  interface Visitor<R> {
    R environmentEvent(EnvironmentEvent event);

    R journalCreated(JournalCreated created);

    R settingsChanged(SettingsChanged changed);

    R sourceJoined(SourceJoined joined);

    R sourceMoved(SourceMoved moved);

    R publishingStarted(PublishingStarted started);

    R delivered(Delivered delivered);

    R parked(Parked parked);

    R resent(Resent resent);

    R historyLimited(HistoryLimited limited);

    R coreStarted(CoreStarted started);

    R environmentEnded(EnvironmentEnded ended);

    R resendRequested(ResendRequested request);
  }

  /** The first command of a journal: its identity, so that it is never taken for another. */
  record JournalCreated(String journalId) implements Command {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.journalCreated(this);
    }
  }

  /**
   * New settings are in force.
   *
   * @param timestamp ms since epoch
   */
  record SettingsChanged(PublishingSettings settings, long timestamp) implements Command {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.settingsChanged(this);
    }
  }

  /**
   * The relay has met a topic of AliECS's stream for the first time.
   *
   * @param ends for each partition the offset behind its last record at that time; what is below is
   *     history
   */
  record SourceJoined(Map<SourcePartition, Long> ends) implements Command {
    public SourceJoined {
      ends = Map.copyOf(ends);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sourceJoined(this);
    }
  }

  /**
   * The relay reads on from these offsets, whatever it had read before: it has skipped records that
   * are not for it, or the topic does not hold what it should. Going back means that the topic has
   * started over: nothing in it is history any more.
   *
   * @param next for each partition the offset of the next record
   * @param topicIds for those of them whose topic was looked at, the id that Kafka gave it
   */
  record SourceMoved(Map<SourcePartition, Long> next, Map<SourcePartition, String> topicIds)
      implements Command {
    public SourceMoved {
      next = Map.copyOf(next);
      topicIds = Map.copyOf(topicIds);
      if (!next.keySet().containsAll(topicIds.keySet())) {
        throw new IllegalArgumentException(
            "topic ids: " + topicIds.keySet() + " (expected: of partitions in " + next + ")");
      }
    }

    /** The ids of the topics are known, or Kafka gives none. */
    public SourceMoved(Map<SourcePartition, Long> next) {
      this(next, Map.of());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sourceMoved(this);
    }
  }

  /**
   * A publisher has fenced whoever was before it and begins with the list of active runs.
   *
   * @param watermarkJournalId journal of the watermark found in Kafka, empty when there was none
   * @param watermark sequence of the last entry that Kafka has, 0 when there was none
   * @param watermarkListedAt the time of a list that is there, or one that none is above, ms since
   *     epoch; 0 when there was none
   * @param recoveredTopics topics that take messages; what was parked for their sake goes out first
   * @param servers the brokers it begins on; empty when an older version has written it
   * @param timestamp ms since epoch
   */
  record PublishingStarted(
      String watermarkJournalId,
      long watermark,
      long watermarkListedAt,
      Set<String> recoveredTopics,
      List<String> servers,
      long timestamp)
      implements Command {
    public PublishingStarted {
      recoveredTopics = Set.copyOf(recoveredTopics);
      servers = List.copyOf(servers);
    }

    /** On brokers that are not named, and that have no list of a later time. */
    public PublishingStarted(
        String watermarkJournalId, long watermark, Set<String> recoveredTopics, long timestamp) {
      this(watermarkJournalId, watermark, 0, recoveredTopics, List.of(), timestamp);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.publishingStarted(this);
    }
  }

  /** Kafka has every entry up to and including {@code sequence}. */
  record Delivered(long sequence) implements Command {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.delivered(this);
    }
  }

  /**
   * Kafka refuses messages for good: they are put aside, so that those behind them flow.
   *
   * @param timestamp ms since epoch
   */
  record Parked(List<Refusal> refusals, long timestamp) implements Command {
    public Parked {
      refusals = List.copyOf(refusals);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.parked(this);
    }
  }

  /**
   * Kafka refuses a message for good.
   *
   * @param sequence of its pending entry
   * @param awaitsTopic whether it is its topic that takes nothing for the time being
   */
  record Refusal(long sequence, String topic, String reason, boolean awaitsTopic) {}

  /**
   * Somebody asks for parked messages to be sent once more.
   *
   * @param timestamp ms since epoch
   */
  record Resent(List<ParkedMessage.Key> keys, long timestamp) implements Command {
    public Resent {
      keys = List.copyOf(keys);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.resent(this);
    }
  }

  /**
   * Only so much is kept of environments that have ended, from now on; what is too old goes.
   *
   * @param environments the most that are kept, 0 or more
   * @param before those that ended before this are dropped, ms since epoch
   */
  record HistoryLimited(int environments, long before) implements Command {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.historyLimited(this);
    }
  }

  /**
   * A core of AliECS has started. Environments live in its memory only: those without an event
   * since are gone.
   *
   * @param eventId the same on every repetition, 1 to 512 characters
   * @param timestamp when it started by its own clock, ms since epoch
   * @param source the record it was read from, when it comes from AliECS's stream
   */
  record CoreStarted(String eventId, long timestamp, @Nullable SourcePosition source)
      implements Command {
    public CoreStarted {
      Limits.checkLength("eventId", eventId, 1, Limits.EVENT_ID);
      Limits.checkTimestamp("timestamp", timestamp);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.coreStarted(this);
    }
  }

  /**
   * An environment is taken to be gone although AliECS has not reported it.
   *
   * @param reason for people, at most 512 characters; empty for the words of the cause
   * @param by the person or host who asked for it, at most 256 characters, empty when nobody did
   * @param asOf it stays when it has changed after this, ms since epoch; {@link Long#MAX_VALUE}: it
   *     ends in any case
   * @param timestamp when it ended, ms since epoch
   */
  record EnvironmentEnded(
      String environmentId, EndCause cause, String reason, String by, long asOf, long timestamp)
      implements Command {
    public EnvironmentEnded {
      Limits.checkLength("environmentId", environmentId, 1, EnvironmentEvent.MAX_ENVIRONMENT_ID);
      Limits.checkLength("reason", reason, 0, Limits.REASON);
      Limits.checkLength("by", by, 0, Limits.PERSON);
      Limits.checkTimestamp("timestamp", timestamp);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.environmentEnded(this);
    }

    /** For people: the reason, and who asked for it. */
    public String text() {
      String what = reason.isEmpty() ? cause.text() : reason;
      return by.isEmpty() ? what : what + " by " + by;
    }
  }

  /**
   * Somebody asks for what was published to be published once more, marked as a repetition. Nothing
   * else changes.
   *
   * @param requestId the same on every repetition of the request, 1 to 128 characters
   * @param environmentId whose state is published again; empty for the list of active runs
   * @param timestamp ms since epoch
   */
  record ResendRequested(String requestId, String environmentId, long timestamp)
      implements Command {
    /** The longest request id, in characters. */
    public static final int LONGEST_ID = 128;

    public ResendRequested {
      Limits.checkLength("requestId", requestId, 1, LONGEST_ID);
      Limits.checkLength("environmentId", environmentId, 0, EnvironmentEvent.MAX_ENVIRONMENT_ID);
      Limits.checkTimestamp("timestamp", timestamp);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.resendRequested(this);
    }
  }
}
