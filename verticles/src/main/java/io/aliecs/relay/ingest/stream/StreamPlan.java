package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command.SourceMoved;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where to read on, given what the journal has and what Kafka has. Pure.
 *
 * @param progress for each partition that exists, from where to read and what is history
 * @param moves what the journal has to take first, in this order
 * @param findings what is not as it should be
 */
public record StreamPlan(
    Map<SourcePartition, SourceProgress> progress,
    List<SourceMoved> moves,
    List<Finding> findings) {

  /** What is wrong with a partition. */
  public enum Trouble {
    /** It is another one of the same name: it has another id, or ends before what was read. */
    STARTED_OVER,
    /** It begins behind what was read of it: Kafka has deleted records before they were read. */
    RECORDS_LOST
  }

  /**
   * Something that is not as it should be.
   *
   * @param expected offset of the next record to read
   * @param found offset that is read on from instead
   */
  public record Finding(Trouble trouble, SourcePartition partition, long expected, long found) {}

  /**
   * What a partition holds.
   *
   * @param beginning offset of its first record
   * @param end offset behind its last record
   * @param topicId id of its topic, empty when Kafka gives none
   */
  public record Extent(long beginning, long end, String topicId) {}

  /**
   * Makes a plan.
   *
   * @param known what the journal has; a partition that is not there is read from its beginning
   * @param extents what Kafka has
   */
  public static StreamPlan of(
      Map<SourcePartition, SourceProgress> known, Map<SourcePartition, Extent> extents) {
    Map<SourcePartition, SourceProgress> progress = new HashMap<>();
    Map<SourcePartition, Long> passed = new HashMap<>();
    Map<SourcePartition, Long> moved = new HashMap<>();
    Map<SourcePartition, String> topicIds = new HashMap<>();
    List<Finding> findings = new ArrayList<>();
    extents.forEach(
        (partition, extent) -> {
          SourceProgress had = known.getOrDefault(partition, SourceProgress.START);
          long next = had.next();
          long history = had.history();
          if (had.isOfAnother(extent.topicId()) || extent.end() < Math.max(next, history)) {
            findings.add(new Finding(Trouble.STARTED_OVER, partition, next, extent.beginning()));
            if (next <= extent.beginning()) {
              passed.put(partition, Math.max(history, extent.beginning() + 1));
            }
            next = extent.beginning();
            history = Math.min(history, next);
          } else if (next < history && partition.topic().equals(StreamEventMapper.RUNS)) {
            next = history;
          } else if (next < extent.beginning()) {
            if (next > 0) {
              findings.add(new Finding(Trouble.RECORDS_LOST, partition, next, extent.beginning()));
            }
            next = extent.beginning();
          }
          String topicId = extent.topicId().isEmpty() ? had.topicId() : extent.topicId();
          SourceProgress planned = new SourceProgress(next, history, topicId);
          if (!planned.equals(had)) {
            moved.put(partition, next);
            if (!topicId.isEmpty()) {
              topicIds.put(partition, topicId);
            }
          }
          progress.put(partition, planned);
        });
    passOverHistoryOfOthers(known, extents, moved);
    List<SourceMoved> moves = new ArrayList<>();
    if (!passed.isEmpty()) {
      moves.add(new SourceMoved(passed));
    }
    if (!moved.isEmpty()) {
      moves.add(new SourceMoved(moved, topicIds));
    }
    return new StreamPlan(Map.copyOf(progress), List.copyOf(moves), List.copyOf(findings));
  }

  /** A topic made anew with fewer partitions: the history of the missing ones is never read. */
  private static void passOverHistoryOfOthers(
      Map<SourcePartition, SourceProgress> known,
      Map<SourcePartition, Extent> extents,
      Map<SourcePartition, Long> moved) {
    Map<String, String> ids = new HashMap<>();
    extents.forEach((partition, extent) -> ids.put(partition.topic(), extent.topicId()));
    known.forEach(
        (partition, had) -> {
          String id = ids.getOrDefault(partition.topic(), "");
          if (!extents.containsKey(partition)
              && had.next() < had.history()
              && had.isOfAnother(id)) {
            moved.put(partition, had.history());
          }
        });
  }
}
