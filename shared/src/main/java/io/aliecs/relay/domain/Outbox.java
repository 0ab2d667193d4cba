package io.aliecs.relay.domain;

import io.aliecs.relay.domain.OutboxMessage.ActiveRuns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

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
 * @param listTime as of when the lists are
 * @param gap what was not published because publishing was off
 * @param parked what Kafka refuses for good, by its key
 * @param resends the last requests to send something again, oldest first
 * @param bytes about what the pending entries take in memory
 */
public record Outbox(
    PMap<Long, OutboxEntry> entries,
    long delivered,
    long deliveredId,
    long next,
    long nextId,
    PMap<String, EnvironmentInfo> base,
    ListTime listTime,
    PublishingGap gap,
    PMap<ParkedMessage.Key, ParkedMessage> parked,
    PVector<Resend> resends,
    long bytes) {

  /** The most messages that are parked; above it publishing waits instead of parking more. */
  public static final int PARKED_LIMIT = 10_000;

  /** The number of requests to send something again that are known, and of those that may wait. */
  public static final int RESENDS_LIMIT = 100;

  /**
   * A request to send something again.
   *
   * @param entryId of the entry that does it
   */
  public record Resend(String requestId, long entryId) {}

  public static final Outbox EMPTY =
      new Outbox(
          HashTreePMap.empty(),
          0,
          0,
          1,
          1,
          HashTreePMap.empty(),
          ListTime.NONE,
          PublishingGap.NONE,
          HashTreePMap.empty(),
          TreePVector.empty(),
          0);

  public int size() {
    return entries.size();
  }

  /** Whether the entry of that id is still on its way. */
  public boolean isPending(long entryId) {
    return entryId > deliveredId && entryId < nextId;
  }

  /** The message of that entry for that topic when it is parked, or null. */
  public @Nullable ParkedMessage parked(long entryId, String topic) {
    return parked.isEmpty() ? null : parked.get(new ParkedMessage.Key(entryId, topic));
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

  /** How many messages are parked once these are: one that was sent anew is parked already. */
  public int parkedWith(Collection<Command.Refusal> refusals) {
    Set<ParkedMessage.Key> keys = new HashSet<>(parked.keySet());
    for (Command.Refusal refusal : refusals) {
      OutboxEntry entry = entries.get(refusal.sequence());
      if (entry != null) {
        keys.add(ParkedMessage.Key.of(entry.id(), refusal.topic()));
      }
    }
    return keys.size();
  }

  /** Since when the oldest entry is pending, ms since epoch, or null when nothing is. */
  public @Nullable Long oldestPending() {
    OutboxEntry first = entries.get(delivered + 1);
    return first == null ? null : first.since();
  }

  Outbox with(String environmentId, String eventId, long timestamp, List<OutboxMessage> messages) {
    Draft draft = new Draft(this);
    if (messages.stream().anyMatch(ActiveRuns.class::isInstance)) {
      draft.listTime = listTime.listed(timestamp);
    }
    draft.append(
        new OutboxEntry(
            next,
            nextId,
            environmentId,
            eventId,
            timestamp,
            Math.max(timestamp, draft.listTime.last()),
            messages));
    draft.nextId++;
    return draft.done();
  }

  /** Whether something was sent again for this request before. */
  boolean wasAsked(String requestId) {
    return resends.stream().anyMatch(resend -> resend.requestId().equals(requestId));
  }

  /** Whether as many requests to send something again are pending as may be. */
  boolean hasMostResends() {
    return resends.size() == RESENDS_LIMIT && isPending(resends.get(0).entryId());
  }

  /**
   * Behind what is pending, what readers were told before.
   *
   * @param timestamp when that was observed, ms since epoch
   */
  Outbox repeating(Command.ResendRequested request, long timestamp, OutboxMessage message) {
    Draft draft = new Draft(this);
    draft.append(
        new OutboxEntry(
            next,
            nextId,
            request.environmentId(),
            "resend:" + request.requestId(),
            timestamp,
            listTime.last(),
            List.of(message),
            Set.of(),
            false,
            request.timestamp()));
    PVector<Resend> known = resends.size() < RESENDS_LIMIT ? resends : resends.minus(0);
    draft.resends = known.plus(new Resend(request.requestId(), draft.nextId++));
    return draft.done();
  }

  /** With another gap. */
  Outbox withGap(PublishingGap changed) {
    Draft draft = new Draft(this);
    draft.gap = changed;
    return draft.done();
  }

  /** Publishing is on again: what is owed goes out behind what is pending. */
  Outbox resumed() {
    Draft draft = new Draft(this);
    for (PublishingGap.Owed owed : gap.owed()) {
      draft.append(owed.entry().at(draft.next, draft.nextId++));
    }
    draft.gap = gap.paid();
    return draft.done();
  }

  /** A change was applied, whether it is published or not. */
  Outbox changed(long timestamp) {
    Draft draft = new Draft(this);
    draft.listTime = listTime.changed(timestamp);
    return draft.done();
  }

  /** Kafka has everything up to {@code sequence}. */
  Outbox delivered(long sequence) {
    long last = Math.min(sequence, next - 1);
    if (last <= delivered) {
      return this;
    }
    Draft draft = new Draft(this);
    for (long s = delivered + 1; s <= last; s++) {
      OutboxEntry entry = entries.get(s);
      if (entry != null) {
        draft.delivered(entry);
      }
    }
    draft.delivered = last;
    return draft.done();
  }

  /**
   * Kafka refuses these messages for good; the rest of their entries stays pending.
   *
   * @param by one of {@link Rules}
   */
  Outbox park(Collection<Command.Refusal> refusals, long timestamp, int by) {
    Draft draft = new Draft(this);
    for (Command.Refusal refusal : refusals) {
      OutboxEntry entry = draft.entries.get(refusal.sequence());
      if (entry != null && entry.sends(refusal.topic())) {
        long place = by >= Rules.NEWER_LIST ? entry.sequence() : 0;
        draft.park(entry, refusal, timestamp, place);
      }
    }
    return draft.done();
  }

  /** Parked messages go out once more, behind everything that is pending. */
  Outbox resend(Collection<ParkedMessage.Key> keys, long timestamp) {
    Draft draft = new Draft(this);
    keys.stream().sorted().forEach(key -> draft.resend(key, timestamp));
    return draft.done();
  }

  /**
   * Publishing starts: first the list of the runs that are active now, then what was parked because
   * its topic took nothing and now does, then what is still pending. The lists of what is pending
   * are from the past; they are sent saying what is true now, so that no list lacks an active run
   * or holds one that is over. All these lists are as of the newest change. The list of an earlier
   * start that never got through is not sent any more.
   *
   * @param above every sequence given from now on is above this one
   * @param listedAt the time of a list that Kafka may have, ms since epoch; 0 for none
   * @param mended topics that take messages
   */
  Outbox restarted(
      long above,
      long listedAt,
      PMap<String, EnvironmentInfo> activeRuns,
      Set<String> mended,
      long timestamp) {
    Draft draft = new Draft(this);
    draft.restart(Math.max(next, above + 1), activeRuns);
    draft.listTime = listTime.listed(listedAt).listedAsKnown(timestamp);
    draft.gap = gap.named();
    draft.append(OutboxEntry.list(draft.next, timestamp, draft.listTime.last()));
    parked.values().stream()
        .filter(message -> message.awaitsTopic() && mended.contains(message.topic()))
        .map(ParkedMessage::key)
        .sorted()
        .forEach(key -> draft.resend(key, timestamp));
    after(delivered, Integer.MAX_VALUE).stream()
        .filter(entry -> !entry.startsPublishing())
        .forEach(entry -> draft.append(entry.restated(draft.next, draft.listTime.last())));
    return draft.done();
  }

  /** The fields of an outbox while it is being changed; lives for one call on one thread. */
  private static final class Draft {
    private PMap<Long, OutboxEntry> entries;
    private long delivered;
    private long deliveredId;
    private long next;
    private long nextId;
    private PMap<String, EnvironmentInfo> base;
    private ListTime listTime;
    private PublishingGap gap;
    private PMap<ParkedMessage.Key, ParkedMessage> parked;
    private PVector<Resend> resends;
    private long bytes;

    Draft(Outbox from) {
      entries = from.entries;
      delivered = from.delivered;
      deliveredId = from.deliveredId;
      next = from.next;
      nextId = from.nextId;
      base = from.base;
      listTime = from.listTime;
      gap = from.gap;
      parked = from.parked;
      resends = from.resends;
      bytes = from.bytes;
    }

    void restart(long from, PMap<String, EnvironmentInfo> activeRuns) {
      entries = HashTreePMap.empty();
      bytes = 0;
      next = from;
      delivered = from - 1;
      base = activeRuns;
    }

    void append(OutboxEntry entry) {
      entries = entries.plus(next, entry);
      bytes += entry.bytes();
      next++;
    }

    void delivered(OutboxEntry entry) {
      entries = entries.minus(entry.sequence());
      bytes -= entry.bytes();
      deliveredId = Math.max(deliveredId, entry.id());
      for (OutboxMessage message : entry.messages()) {
        if (message instanceof ActiveRuns list) {
          follow(list);
        }
      }
      if (!parked.isEmpty()) {
        settle(entry);
      }
    }

    private void follow(ActiveRuns list) {
      if (list.endedEnvironmentId() != null) {
        base = base.minus(list.endedEnvironmentId());
      }
      if (list.started() != null) {
        base = base.plus(list.started().environmentId(), list.started());
      }
    }

    /** What of an entry is in Kafka is not parked any more; a list makes up for every older one. */
    private void settle(OutboxEntry entry) {
      parkableTopics(entry)
          .filter(entry::sends)
          .map(topic -> ParkedMessage.Key.of(entry.id(), topic))
          .forEach(key -> settle(key, entry.sequence()));
    }

    private void settle(ParkedMessage.Key key, long sequence) {
      ParkedMessage message = parked.get(key);
      if (message != null && message.sequence() <= sequence) {
        parked = parked.minus(key);
      }
    }

    private static java.util.stream.Stream<String> parkableTopics(OutboxEntry entry) {
      return java.util.stream.Stream.concat(
          entry.messages().stream().map(OutboxMessage::topic),
          java.util.stream.Stream.of(Topics.AFTER_START));
    }

    void park(OutboxEntry entry, Command.Refusal refusal, long timestamp, long place) {
      ParkedMessage message =
          new ParkedMessage(
              entry.restated(0, 0),
              refusal.topic(),
              refusal.reason(),
              refusal.awaitsTopic(),
              timestamp,
              false,
              place);
      if (parked.size() >= PARKED_LIMIT && !parked.containsKey(message.key())) {
        return;
      }
      parked = parked.plus(message.key(), message);
      entries = entries.plus(entry.sequence(), entry.without(refusal.topic()));
    }

    void resend(ParkedMessage.Key key, long timestamp) {
      ParkedMessage message = parked.get(key);
      if (message == null || message.resending()) {
        return;
      }
      parked = parked.plus(key, message.resent());
      if (key.topic().equals(Topics.ACTIVE_RUNS)) {
        listTime = listTime.listedAsKnown(timestamp);
        append(OutboxEntry.list(next, timestamp, listTime.last()));
      } else {
        append(message.entry().only(key.topic(), next));
      }
    }

    Outbox done() {
      return new Outbox(
          entries,
          delivered,
          deliveredId,
          next,
          nextId,
          base,
          listTime,
          gap,
          parked,
          resends,
          bytes);
    }
  }
}
