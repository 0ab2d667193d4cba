package io.aliecs.relay.bus.status;

/**
 * How a part of the relay is.
 *
 * @param healthy whether it does its job
 * @param state one word for it, for example {@code publishing}, {@code off}, {@code connecting}
 * @param reason why it is not healthy or does nothing, for people; empty otherwise
 * @param since since when it is in that state, ms since epoch
 */
public record ComponentStatus(boolean healthy, String state, String reason, long since) {

  /** The same state or another one, since now only when it is another one. */
  public ComponentStatus become(boolean nowHealthy, String nowState, String nowReason, long now) {
    return healthy == nowHealthy && state.equals(nowState) && reason.equals(nowReason)
        ? this
        : new ComponentStatus(nowHealthy, nowState, nowReason, now);
  }
}
