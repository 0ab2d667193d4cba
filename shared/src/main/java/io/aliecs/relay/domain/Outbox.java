package io.aliecs.relay.domain;

import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.ListTime;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.ParkedMessage;
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
    OutboxEdit edit = new OutboxEdit(this);
    if (messages.stream().anyMatch(ActiveRuns.class::isInstance)) {
      edit.listTime = listTime.listed(timestamp);
    }
    edit.append(
        new OutboxEntry(
            next,
            nextId,
            environmentId,
            eventId,
            timestamp,
            Math.max(timestamp, edit.listTime.last()),
            messages));
    edit.nextId++;
    return edit.done();
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
   * Behind what is pending, what was published before.
   *
   * @param timestamp when that was observed, ms since epoch
   */
  Outbox repeating(Command.ResendRequested request, long timestamp, OutboxMessage message) {
    OutboxEdit edit = new OutboxEdit(this);
    edit.append(
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
    edit.resends = known.plus(new Resend(request.requestId(), edit.nextId++));
    return edit.done();
  }

  Outbox withGap(PublishingGap changed) {
    if (changed.equals(gap)) {
      return this;
    }
    OutboxEdit edit = new OutboxEdit(this);
    edit.gap = changed;
    return edit.done();
  }

  /** Publishing is on again: what is owed goes out behind what is pending. */
  Outbox resumed() {
    OutboxEdit edit = new OutboxEdit(this);
    for (PublishingGap.Owed owed : gap.owed()) {
      edit.append(owed.entry().at(edit.next, edit.nextId++));
    }
    edit.gap = gap.paid();
    return edit.done();
  }

  /** A change was applied, whether it is published or not. */
  Outbox changed(long timestamp) {
    ListTime known = listTime.changed(timestamp);
    if (known.equals(listTime)) {
      return this;
    }
    OutboxEdit edit = new OutboxEdit(this);
    edit.listTime = known;
    return edit.done();
  }

  /** Kafka has everything up to {@code sequence}. */
  Outbox delivered(long sequence) {
    long last = Math.min(sequence, next - 1);
    if (last <= delivered) {
      return this;
    }
    OutboxEdit edit = new OutboxEdit(this);
    for (long s = delivered + 1; s <= last; s++) {
      OutboxEntry entry = entries.get(s);
      if (entry != null) {
        edit.delivered(entry);
      }
    }
    edit.delivered = last;
    return edit.done();
  }

  /**
   * Kafka refuses these messages for good; the rest of their entries stays pending.
   *
   * @param by one of {@link Rules}
   */
  Outbox park(Collection<Command.Refusal> refusals, long timestamp, int by) {
    OutboxEdit edit = new OutboxEdit(this);
    for (Command.Refusal refusal : refusals) {
      OutboxEntry entry = edit.entries.get(refusal.sequence());
      if (entry != null && entry.sends(refusal.topic())) {
        long place = by >= Rules.NEWER_LIST ? entry.sequence() : 0;
        edit.park(entry, refusal, timestamp, place);
      }
    }
    return edit.done();
  }

  /** Parked messages go out once more, behind everything that is pending. */
  Outbox resend(Collection<ParkedMessage.Key> keys, long timestamp) {
    OutboxEdit edit = new OutboxEdit(this);
    keys.stream().sorted().forEach(key -> edit.resend(key, timestamp));
    return edit.done();
  }

  /**
   * Publishing starts: first the list of the runs that are active now, then what was parked because
   * its topic took nothing and now does, then what is still pending. The lists of what is pending
   * are from the past; they are sent with what is true now, so that each holds every active run and
   * none that is over. All these lists are as of the newest change. The list of an earlier start
   * that never got through is not sent any more.
   *
   * @param above every sequence given from now on is above this one
   * @param listedAt the time of a list that Kafka may have, ms since epoch; 0 for none
   * @param recovered topics that take messages
   */
  Outbox restarted(
      long above,
      long listedAt,
      PMap<String, EnvironmentInfo> activeRuns,
      Set<String> recovered,
      long timestamp) {
    OutboxEdit edit = new OutboxEdit(this);
    edit.restart(Math.max(next, above + 1), activeRuns);
    edit.listTime = listTime.listed(listedAt).listedAsKnown(timestamp);
    edit.gap = gap.named();
    edit.append(OutboxEntry.list(edit.next, timestamp, edit.listTime.last()));
    parked.values().stream()
        .filter(message -> message.awaitsTopic() && recovered.contains(message.topic()))
        .map(ParkedMessage::key)
        .sorted()
        .forEach(key -> edit.resend(key, timestamp));
    after(delivered, Integer.MAX_VALUE).stream()
        .filter(entry -> !entry.startsPublishing())
        .forEach(entry -> edit.append(entry.rebased(edit.next, edit.listTime.last())));
    return edit.done();
  }
}
