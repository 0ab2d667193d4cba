package io.aliecs.relay.domain.aliecs;

/**
 * How far a partition of AliECS's stream has been applied.
 *
 * @param next offset of the next record to apply
 * @param history records below this offset were there before the relay first joined: they build up
 *     the state but are not published
 * @param topicId id that Kafka gave the topic these offsets are of, empty when it is not known
 */
public record SourceProgress(long next, long history, String topicId) {

  /** A partition that the relay knows nothing of yet. */
  public static final SourceProgress START = new SourceProgress(0, 0);

  /** The progress in a topic whose id is not known. */
  public SourceProgress(long next, long history) {
    this(next, history, "");
  }

  /**
   * Whether these offsets are of another topic than the one with that id, which has taken its name.
   *
   * @param id id that Kafka gave the topic of that name, empty when Kafka gives none
   */
  public boolean isOfAnother(String id) {
    return !topicId.isEmpty() && !id.isEmpty() && !topicId.equals(id);
  }

  /** The same in the topic with that id. */
  public SourceProgress in(String id) {
    return new SourceProgress(next, history, id);
  }

  /**
   * Reading goes on at that offset. Going back means that the topic was made anew: what it holds is
   * not the history that was met when the relay joined.
   */
  public SourceProgress movedTo(long offset) {
    return new SourceProgress(offset, offset < next ? Math.min(history, offset) : history, topicId);
  }

  /** The record at that offset is applied; never goes back. */
  public SourceProgress advancedPast(long offset) {
    return new SourceProgress(Math.max(next, offset + 1), history, topicId);
  }
}
