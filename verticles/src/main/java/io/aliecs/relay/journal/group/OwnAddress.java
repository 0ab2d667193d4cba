package io.aliecs.relay.journal.group;

import io.aliecs.relay.settings.ClusterHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where the other hosts are to reach this one. */
public final class OwnAddress {
  private OwnAddress() {}

  /**
   * Looks whether a host can listen there: when it cannot, Ratis ends the process, and says nothing
   * that helps.
   *
   * @throws IOException saying why it cannot
   */
  public static void requireUsable(ClusterHost self) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(self.bareHost(), self.port()));
    } catch (IOException e) {
      throw new IOException(
          "cluster.hosts: "
              + self.id()
              + " cannot listen on "
              + self.address()
              + ": "
              + e.getMessage()
              + " (expected: an address of this host, a name that it can look up, a free port)",
          e);
    }
  }
}
