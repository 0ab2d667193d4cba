package io.aliecs.relay.domain;

/**
 * How far a partition of AliECS's stream has been applied.
 *
 * @param next offset of the next record to apply
 * @param history records below this offset were there before the relay first joined: they build up
 *     the state but are not published
 */
public record SourceProgress(long next, long history) {

  /** A partition that the relay knows nothing of yet. */
  public static final SourceProgress START = new SourceProgress(0, 0);

  /**
   * Reading goes on at that offset. Going back means that the topic was made anew: what it holds is
   * not the history that was met when the relay joined.
   */
  SourceProgress movedTo(long offset) {
    return new SourceProgress(offset, offset < next ? Math.min(history, offset) : history);
  }

  SourceProgress advancedPast(long offset) {
    return new SourceProgress(Math.max(next, offset + 1), history);
  }
}
