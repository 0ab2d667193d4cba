package io.aliecs.relay.kafka;

import io.aliecs.relay.text.UnknownHosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Names of brokers that do not resolve: Kafka's clients report them as a wrong property. */
public final class BrokerNames {
  private BrokerNames() {}

  /**
   * Looks up the addresses of brokers. Blocks.
   *
   * @param servers as {@code host:port}
   * @param key where they are set, for people
   * @throws ExplainedException when none of them has an address, with all their names
   */
  public static void requireOne(List<String> servers, String key) {
    UnknownHostException unknown = null;
    for (String server : servers) {
      try {
        InetAddress.getByName(host(server));
        return;
      } catch (UnknownHostException e) {
        unknown = e;
      }
    }
    if (unknown != null) {
      throw new ExplainedException(
          UnknownHosts.sentence(servers.stream().map(String::strip).toList(), key), unknown);
    }
  }

  private static String host(String server) {
    int colon = server.lastIndexOf(':');
    return colon < 0 ? server.strip() : server.substring(0, colon).strip();
  }
}
