package io.aliecs.relay.lab.verify.expected;

/**
 * A time in which publishing was off. When exactly it went off and on again is not known, only
 * between which changes.
 *
 * @param on order of a change that was made while it was still on
 * @param off order of a change behind which it was off
 * @param stillOff order of a change that was made while it was still off
 * @param onAgain order of a change behind which it was on again
 * @param endedAt when turning it on again began, ms since epoch
 */
public record OffPeriod(long on, long off, long stillOff, long onAgain, long endedAt) {

  /** Where a change is in relation to the period. */
  public enum Position {
    OUTSIDE,
    GOING_OFF,
    INSIDE,
    GOING_ON
  }

  Position position(long order) {
    if (order <= on || order > onAgain) {
      return Position.OUTSIDE;
    }
    // Where both ends are open at once, what is published must still end and begin once.
    return order <= off
        ? Position.GOING_OFF
        : order <= stillOff ? Position.INSIDE : Position.GOING_ON;
  }
}
