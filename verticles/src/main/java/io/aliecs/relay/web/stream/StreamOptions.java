package io.aliecs.relay.web.stream;

/**
 * Bounds and times of the live stream. Immutable.
 *
 * @param maxClients more are turned away with 503
 * @param maxQueued bytes that may wait for one client before it counts as slow
 * @param maxSlow clients that may be slow at once; the next one is cut at once. Those that are
 *     still taking their first snapshot do not count: they share it
 * @param history changes remembered for clients that come back
 * @param heartbeatMs between two signs of life to each client
 * @param paceMs least time between two events; the changes in between are sent as one
 * @param patienceMs how long a client may be slow until it is cut
 * @param sharedMs how long a snapshot that is larger than {@code maxQueued} serves new clients,
 *     which get the rest as a change
 * @param publisherMs between two requests for the status of the publisher
 */
public record StreamOptions(
    int maxClients,
    int maxQueued,
    int maxSlow,
    int history,
    long heartbeatMs,
    long paceMs,
    long patienceMs,
    long sharedMs,
    long publisherMs) {

  /** What is in force outside tests. */
  public static final StreamOptions DEFAULTS =
      new StreamOptions(20_000, 65_536, 1_000, 1_000, 15_000, 20, 10_000, 1_000, 1_000);
}
