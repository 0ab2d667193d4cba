package io.aliecs.relay.web.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many connections a server may have. Immutable.
 *
 * @param inAll at once
 * @param perAddress of one address at once, loopback excepted: proxies are there
 * @param silent that have not sent one whole request yet, of one address or many
 * @param patienceMs how long a client may take for a request, from its last answer on; for its
 *     first one a third of it
 */
public record ConnectionLimits(int inAll, int perAddress, int silent, long patienceMs) {
  private static final int MOST_SILENT = 1_000;
  private static final long PATIENCE_MS = 30_000;

  /** Of health and metrics: few ask, and these must always get an answer. */
  public static final ConnectionLimits MANAGEMENT = new ConnectionLimits(100, 50, 50, PATIENCE_MS);

  /**
   * As many as are set, and at most half of the open-file limit: all else needs some. One address
   * has half of them at most: live streams need not make room for others.
   */
  public static ConnectionLimits of(int inAll, int perAddress) {
    int most = Math.min(inAll, halfOfTheFiles());
    return new ConnectionLimits(
        most,
        Math.min(perAddress, Math.max(1, most / 2)),
        Math.min(MOST_SILENT, most),
        PATIENCE_MS);
  }

  private static int halfOfTheFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(Integer.MAX_VALUE, Math.max(2, unix.getMaxFileDescriptorCount()) / 2)
        : Integer.MAX_VALUE;
  }
}
