package io.aliecs.relay.domain.message;

/**
 * A message that Kafka refuses for good, put aside so that the messages behind it flow.
 *
 * <p>It is kept with its reason until it is resent and Kafka has it. Of lists at most one is parked
 * at a time, as a newer list replaces an older one; resent, it holds what is true then.
 *
 * @param entry the change it belongs to
 * @param topic the topic it is for
 * @param reason why Kafka refuses it
 * @param awaitsTopic whether it only waits until its topic takes messages: then it goes out by
 *     itself, before newer ones of that topic; otherwise somebody has to resend it
 * @param since when it was parked, ms since epoch
 * @param resending whether it is on its way again
 * @param sequence its place in the order of delivery when it was parked, 0 where it is not known
 */
public record ParkedMessage(
    OutboxEntry entry,
    String topic,
    String reason,
    boolean awaitsTopic,
    long since,
    boolean resending,
    long sequence) {

  /** Identifies a parked message. Lists have entry id 0: there is but one. */
  public record Key(long entryId, String topic) implements Comparable<Key> {
    /** In order of change. */
    @Override
    public int compareTo(Key other) {
      int byEntry = Long.compare(entryId, other.entryId);
      return byEntry != 0 ? byEntry : topic.compareTo(other.topic);
    }

    /** The key of the message of that entry for that topic. */
    public static Key of(long entryId, String topic) {
      return new Key(topic.equals(Topics.ACTIVE_RUNS) ? 0 : entryId, topic);
    }
  }

  public Key key() {
    return Key.of(entry.id(), topic);
  }

  /** The same, on its way once more. */
  public ParkedMessage resent() {
    return new ParkedMessage(entry, topic, reason, awaitsTopic, since, true, sequence);
  }
}
