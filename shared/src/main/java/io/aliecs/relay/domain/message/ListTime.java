package io.aliecs.relay.domain.message;

/**
 * As of when the lists of active runs are, ms since epoch; 0 for never. Readers keep the last list,
 * so its time never goes back, in whatever order changes arrive.
 *
 * @param last the time of the last list, or one that none of them is above
 * @param newestChange when the newest change happened that was applied, published or not
 */
public record ListTime(long last, long newestChange) {
  /** No list and no change yet. */
  public static final ListTime NONE = new ListTime(0, 0);

  /** A change was applied. */
  public ListTime changed(long timestamp) {
    return timestamp <= newestChange ? this : new ListTime(last, timestamp);
  }

  /** With one more list, of that time unless the one before it is later. */
  public ListTime listed(long timestamp) {
    return timestamp <= last ? this : new ListTime(timestamp, newestChange);
  }

  /**
   * With one more list of all that is known: as of the newest change.
   *
   * @param now the present, for when there is no change
   */
  public ListTime listedAsKnown(long now) {
    return listed(newestChange == 0 ? now : newestChange);
  }
}
