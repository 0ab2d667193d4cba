package io.aliecs.relay.domain.message;

import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The messages of one change, delivered together.
 *
 * @param sequence place in the order of delivery; consecutive, and new for what is still pending
 *     each time publishing starts
 * @param id identity that never changes, from which event ids in Kafka are made; ascending in order
 *     of change, 0 for the list with which publishing starts
 * @param eventId the event that caused it, empty for the list with which publishing starts
 * @param timestamp when the change was observed, ms since epoch
 * @param listedAt the time of its list, if it has one: never before that of the list before it, ms
 *     since epoch
 * @param withheld topics whose messages are not sent with this entry: they are parked, or went out
 *     before
 * @param late whether publishing was off when it happened: it is published behind its time
 * @param askedAt when somebody asked for it as a repetition of what was published before, ms since
 *     epoch; 0 when it is none
 */
public record OutboxEntry(
    long sequence,
    long id,
    String environmentId,
    String eventId,
    long timestamp,
    long listedAt,
    List<OutboxMessage> messages,
    Set<String> withheld,
    boolean late,
    long askedAt) {

  /** About what an entry and a message take in memory besides their texts. */
  private static final long ENTRY_BYTES = 200;

  private static final int MESSAGE_BYTES = 150;

  public OutboxEntry {
    messages = List.copyOf(messages);
    withheld = Set.copyOf(withheld);
  }

  /** An entry of which every message is to be sent. */
  public OutboxEntry(
      long sequence,
      long id,
      String environmentId,
      String eventId,
      long timestamp,
      long listedAt,
      List<OutboxMessage> messages) {
    this(sequence, id, environmentId, eventId, timestamp, listedAt, messages, Set.of(), false, 0);
  }

  /** The list of the runs that are active when it is sent. */
  public static OutboxEntry list(long sequence, long timestamp, long listedAt) {
    return new OutboxEntry(sequence, 0, "", "", timestamp, listedAt, List.of(ActiveRuns.UNCHANGED));
  }

  /** Whether it is the list with which publishing starts. */
  public boolean startsPublishing() {
    return id == 0;
  }

  /** Whether it publishes once more what was published before. */
  public boolean repeats() {
    return askedAt != 0;
  }

  /** Since when it is to be sent, ms since epoch: since it was observed or asked for. */
  public long since() {
    return repeats() ? askedAt : timestamp;
  }

  /** Whether the message for that topic is to be sent with this entry. */
  public boolean sends(String topic) {
    return !withheld.contains(topic);
  }

  /** About what it takes in memory; the same on every host. */
  public long bytes() {
    long bytes = ENTRY_BYTES + environmentId.length() + eventId.length();
    for (OutboxMessage message : messages) {
      bytes += MESSAGE_BYTES;
      EnvironmentInfo info = null;
      if (message instanceof Notification notification) {
        info = notification.environment();
      } else if (message instanceof ActiveRuns list) {
        info = list.started();
      }
      if (info != null) {
        bytes += info.environmentId().length();
        for (String detector : info.detectors()) {
          bytes += detector.length();
        }
      }
    }
    return bytes;
  }

  /** The same at another place, its list being that before it, as of then. */
  public OutboxEntry rebased(long newSequence, long newListedAt) {
    List<OutboxMessage> rebased =
        messages.stream().map(m -> m instanceof ActiveRuns ? ActiveRuns.UNCHANGED : m).toList();
    return with(newSequence, id, newListedAt, rebased, withheld);
  }

  /** The same with its place in the order, and its identity. */
  public OutboxEntry at(long newSequence, long newId) {
    return with(newSequence, newId, listedAt, messages, withheld);
  }

  /** The same without the message for {@code topic}. */
  public OutboxEntry without(String topic) {
    Set<String> more = new HashSet<>(withheld);
    more.add(topic);
    return with(sequence, id, listedAt, messages, more);
  }

  /** Every topic that a message of it can go to; the second start of run has none of its own. */
  public Set<String> topics() {
    Set<String> topics = new HashSet<>();
    messages.forEach(message -> topics.add(message.topic()));
    topics.add(Topics.AFTER_START);
    return topics;
  }

  /** At another place only the message for {@code topic}. */
  public OutboxEntry only(String topic, long newSequence) {
    Set<String> others = topics();
    others.remove(topic);
    return with(newSequence, id, listedAt, messages, others);
  }

  private OutboxEntry with(
      long newSequence,
      long newId,
      long newListedAt,
      List<OutboxMessage> newMessages,
      Set<String> newWithheld) {
    return new OutboxEntry(
        newSequence,
        newId,
        environmentId,
        eventId,
        timestamp,
        newListedAt,
        newMessages,
        newWithheld,
        late,
        askedAt);
  }
}
