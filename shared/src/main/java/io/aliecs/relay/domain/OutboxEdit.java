package io.aliecs.relay.domain;

import io.aliecs.relay.domain.Outbox.Resend;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.ListTime;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.Topics;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;

/** The fields of an outbox while it is being changed; lives for one call on one thread. */
final class OutboxEdit {
  PMap<Long, OutboxEntry> entries;
  long delivered;
  long deliveredId;
  long next;
  long nextId;
  PMap<String, EnvironmentInfo> base;
  ListTime listTime;
  PublishingGap gap;
  PMap<ParkedMessage.Key, ParkedMessage> parked;
  PVector<Resend> resends;
  long bytes;

  OutboxEdit(Outbox from) {
    entries = from.entries();
    delivered = from.delivered();
    deliveredId = from.deliveredId();
    next = from.next();
    nextId = from.nextId();
    base = from.base();
    listTime = from.listTime();
    gap = from.gap();
    parked = from.parked();
    resends = from.resends();
    bytes = from.bytes();
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
        base = list.applyTo(base);
      }
    }
    if (!parked.isEmpty()) {
      settle(entry);
    }
  }

  /** What of an entry is in Kafka is not parked any more; a list makes up for every older one. */
  private void settle(OutboxEntry entry) {
    entry.topics().stream()
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

  void park(OutboxEntry entry, Command.Refusal refusal, long timestamp, long place) {
    ParkedMessage message =
        new ParkedMessage(
            entry.rebased(0, 0),
            refusal.topic(),
            refusal.reason(),
            refusal.awaitsTopic(),
            timestamp,
            false,
            place);
    if (parked.size() >= Outbox.PARKED_LIMIT && !parked.containsKey(message.key())) {
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
        entries, delivered, deliveredId, next, nextId, base, listTime, gap, parked, resends, bytes);
  }
}
