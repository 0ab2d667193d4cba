package io.aliecs.relay.domain;

import io.aliecs.relay.domain.OutboxMessage.ActiveRuns;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What was accepted and is not known to be in Kafka yet, in order.
 *
 * @param entries pending entries by sequence; there are no gaps from {@code delivered + 1} to
 *     {@code next - 1}
 * @param delivered sequence of the last entry that Kafka has
 * @param deliveredId highest id of an entry that Kafka has
 * @param next sequence of the next entry
 * @param nextId id of the next entry
 * @param base the active runs as the last delivered list has them, by environment id
 */
public record Outbox(
    PMap<Long, OutboxEntry> entries,
    long delivered,
    long deliveredId,
    long next,
    long nextId,
    PMap<String, EnvironmentInfo> base) {

  public static final Outbox EMPTY =
      new Outbox(HashTreePMap.empty(), 0, 0, 1, 1, HashTreePMap.empty());

  public int size() {
    return entries.size();
  }

  /** Whether the entry of that id is still on its way. */
  public boolean isPending(long entryId) {
    return entryId > deliveredId && entryId < nextId;
  }

  /** At most {@code limit} pending entries behind {@code sequence}, in order. */
  public List<OutboxEntry> after(long sequence, int limit) {
    List<OutboxEntry> found = new ArrayList<>();
    for (long s = Math.max(sequence, delivered) + 1; s < next && found.size() < limit; s++) {
      OutboxEntry entry = entries.get(s);
      if (entry != null) {
        found.add(entry);
      }
    }
    return found;
  }

  /** Timestamp of the oldest pending entry, ms since epoch, or null when nothing is pending. */
  public @Nullable Long oldestPending() {
    OutboxEntry first = entries.get(delivered + 1);
    return first == null ? null : first.timestamp();
  }

  Outbox with(String environmentId, String eventId, long timestamp, List<OutboxMessage> messages) {
    OutboxEntry entry = new OutboxEntry(next, nextId, environmentId, eventId, timestamp, messages);
    return new Outbox(
        entries.plus(next, entry), delivered, deliveredId, next + 1, nextId + 1, base);
  }

  /** Kafka has everything up to {@code sequence}. */
  Outbox delivered(long sequence) {
    long last = Math.min(sequence, next - 1);
    if (last <= delivered) {
      return this;
    }
    PMap<Long, OutboxEntry> left = entries;
    PMap<String, EnvironmentInfo> runs = base;
    long id = deliveredId;
    for (long s = delivered + 1; s <= last; s++) {
      OutboxEntry entry = left.get(s);
      left = left.minus(s);
      if (entry != null) {
        id = Math.max(id, entry.id());
        runs = apply(runs, entry);
      }
    }
    return new Outbox(left, last, id, next, nextId, runs);
  }

  private static PMap<String, EnvironmentInfo> apply(
      PMap<String, EnvironmentInfo> runs, OutboxEntry entry) {
    PMap<String, EnvironmentInfo> result = runs;
    for (OutboxMessage message : entry.messages()) {
      if (message instanceof ActiveRuns list) {
        if (list.endedEnvironmentId() != null) {
          result = result.minus(list.endedEnvironmentId());
        }
        if (list.started() != null) {
          result = result.plus(list.started().environmentId(), list.started());
        }
      }
    }
    return result;
  }

  /**
   * Publishing starts: first the list of the runs that are active now, then what is still pending.
   * The lists of what is pending are from the past; they are sent saying what is true now, so that
   * no list lacks an active run or holds one that is over. The list of an earlier start that never
   * got through is not sent any more.
   *
   * @param above every sequence given from now on is above this one
   */
  Outbox restarted(long above, PMap<String, EnvironmentInfo> activeRuns, long timestamp) {
    List<OutboxEntry> pending = after(delivered, Integer.MAX_VALUE);
    long sequence = Math.max(next, above + 1);
    long before = sequence - 1;
    PMap<Long, OutboxEntry> fresh =
        HashTreePMap.singleton(
            sequence,
            new OutboxEntry(sequence, 0, "", "", timestamp, List.of(ActiveRuns.UNCHANGED)));
    for (OutboxEntry entry : pending) {
      if (!entry.startsPublishing()) {
        sequence++;
        fresh = fresh.plus(sequence, entry.restated(sequence));
      }
    }
    return new Outbox(fresh, before, deliveredId, sequence + 1, nextId, activeRuns);
  }
}
