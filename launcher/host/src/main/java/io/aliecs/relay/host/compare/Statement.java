package io.aliecs.relay.host.compare;

import java.util.List;

/**
 * What a reader learns of one environment: that a message of it came, or that its run is in the
 * list from now on, or no longer. Lists themselves are not compared: one with the same runs as the
 * one before is no news.
 *
 * @param side who publishes it
 * @param kind what it is, the usual name of the topic; {@link #LISTED}, {@link #UNLISTED}
 * @param run number as text; empty where it has none
 * @param detectors in their order
 * @param messageTime in the message, ms since epoch
 * @param recordTime when it was written, by the clock of whoever wrote it, ms since epoch
 */
record Statement(
    Side side,
    String kind,
    String environment,
    String run,
    String runType,
    String state,
    List<String> detectors,
    long messageTime,
    long recordTime) {

  /** A run that was not in the list before. */
  static final String LISTED = "run is in the list";

  /** A run that was in the list before. */
  static final String UNLISTED = "run leaves the list";

  Statement {
    detectors = List.copyOf(detectors);
  }

  /** Which statement of the other side is the same. */
  record Key(String kind, String environment, String run) {}

  Key key() {
    return new Key(kind, environment, run);
  }
}
