package io.aliecs.relay.ingest.stream;

import java.time.Duration;

/**
 * Intervals and timeouts of the reader.
 *
 * @param refresh between two looks at the topics: new partitions, ends, started over
 * @param move least time between two commands that take the journal past skipped records
 * @param request for an answer of the journal
 * @param drain for the journal's answer when stopping
 * @param close for the consumer to close
 * @param finish how long the rest of a stream is read after AliECS was moved to other brokers; so
 *     long the new ones wait at most
 * @param stuck after that without a sign of life a reader connects anew; longer than all it may
 *     wait for in one round
 */
public record ReaderTiming(
    Duration refresh,
    Duration move,
    Duration request,
    Duration drain,
    Duration close,
    Duration finish,
    Duration stuck) {

  public static final ReaderTiming DEFAULT =
      new ReaderTiming(
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60));

  /** After that, a reader that was asked to stop is left behind. */
  public Duration stop() {
    return drain.plus(close).plusSeconds(1);
  }
}
