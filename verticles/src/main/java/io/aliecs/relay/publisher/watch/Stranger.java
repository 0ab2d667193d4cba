package io.aliecs.relay.publisher.watch;

/**
 * Who else writes where this relay publishes.
 *
 * @param journalId of the other relay, empty when it is none
 * @param topic where that was seen, empty for the other relay's watermark
 */
public record Stranger(String journalId, String topic) {

  /** Somebody who writes on a topic of this relay and is no relay. */
  static Stranger noRelay(String topic) {
    return new Stranger("", topic);
  }

  /** A relay with another journal that publishes with the transactional id of this one. */
  public static Stranger sameId(String journalId) {
    return new Stranger(journalId, "");
  }

  boolean isRelay() {
    return !journalId.isEmpty();
  }

  boolean hasSameId() {
    return topic.isEmpty();
  }
}
