package io.aliecs.relay.domain;

import java.util.List;
import java.util.Map;
import java.util.Set;

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
        Command.HistoryLimited {

  /** The first command of a journal: its identity, so that it is never taken for another. */
  record JournalCreated(String journalId) implements Command {}

  /**
   * New settings are in force.
   *
   * @param timestamp ms since epoch
   */
  record SettingsChanged(PublishingSettings settings, long timestamp) implements Command {}

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

    /** The topics are known, or cannot be told apart. */
    public SourceMoved(Map<SourcePartition, Long> next) {
      this(next, Map.of());
    }
  }

  /**
   * A publisher has fenced whoever was before it and begins with the list of active runs.
   *
   * @param watermarkJournalId journal of the watermark found in Kafka, empty when there was none
   * @param watermark sequence of the last entry that Kafka has, 0 when there was none
   * @param mendedTopics topics that take messages; what was parked for their sake goes out first
   * @param servers the brokers it begins on; empty when an older version told it
   * @param timestamp ms since epoch
   */
  record PublishingStarted(
      String watermarkJournalId,
      long watermark,
      Set<String> mendedTopics,
      List<String> servers,
      long timestamp)
      implements Command {
    public PublishingStarted {
      mendedTopics = Set.copyOf(mendedTopics);
      servers = List.copyOf(servers);
    }

    /** On brokers that are not told. */
    public PublishingStarted(
        String watermarkJournalId, long watermark, Set<String> mendedTopics, long timestamp) {
      this(watermarkJournalId, watermark, mendedTopics, List.of(), timestamp);
    }
  }

  /** Kafka has every entry up to and including {@code sequence}. */
  record Delivered(long sequence) implements Command {}

  /**
   * Kafka refuses messages for good: they are put aside, so that those behind them flow.
   *
   * @param timestamp ms since epoch
   */
  record Parked(List<Refusal> refusals, long timestamp) implements Command {
    public Parked {
      refusals = List.copyOf(refusals);
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
  }

  /**
   * Only so much is kept of environments that have ended, from now on; what is too old goes.
   *
   * @param environments the most that are kept, 0 or more
   * @param before those that ended before this are dropped, ms since epoch
   */
  record HistoryLimited(int environments, long before) implements Command {}
}
