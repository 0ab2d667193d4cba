package io.aliecs.relay.lab.verify.hosts;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network of its own for each control host, so that one can be cut off from the others for real:
 * packets vanish, connections stay open and silent. Only in a process that {@link Namespaces} has
 * started; everything goes away with that process. For one thread at a time.
 *
 * <p>A host has three interfaces, each on a bridge: one to the other hosts, one to Kafka and
 * Consul, and one on which it is watched, which is never cut.
 */
public final class Network implements AutoCloseable {
  /** Where Kafka and Consul are for hosts. */
  public static final String SITE = "10.77.2.1";

  private static final Logger LOG = LoggerFactory.getLogger(Network.class);
  private static final String[] BRIDGES = {"hosts", "site", "watch"};
  private static final int FIRST = 10;

  private final int hosts;

  private Network(int hosts) {
    this.hosts = hosts;
  }

  /**
   * Makes the network.
   *
   * @param hosts how many there will be
   * @throws IOException when the system does not let us; says which command failed
   */
  public static Network open(int hosts) throws IOException, InterruptedException {
    Network network = new Network(hosts);
    for (int net = 1; net <= BRIDGES.length; net++) {
      String bridge = BRIDGES[net - 1];
      Namespaces.call("ip", "link", "add", bridge, "type", "bridge");
      Namespaces.call("ip", "addr", "add", "10.77." + net + ".1/24", "dev", bridge);
      Namespaces.call("ip", "link", "set", bridge, "up");
    }
    for (int host = 1; host <= hosts; host++) {
      network.add(host);
    }
    return network;
  }

  private void add(int host) throws IOException, InterruptedException {
    String space = space(host);
    Namespaces.call("ip", "netns", "add", space);
    Namespaces.call("ip", "-n", space, "link", "set", "lo", "up");
    for (int net = 1; net <= BRIDGES.length; net++) {
      String bridge = BRIDGES[net - 1];
      String ours = link(bridge, host);
      Namespaces.call(
          "ip", "link", "add", ours, "type", "veth", "peer", "name", bridge, "netns", space);
      Namespaces.call("ip", "link", "set", ours, "master", bridge, "up");
      Namespaces.call("ip", "-n", space, "addr", "add", address(net, host) + "/24", "dev", bridge);
      Namespaces.call("ip", "-n", space, "link", "set", bridge, "up");
    }
  }

  /** Where a host, counted from 1, is for the others. */
  static Address address(int host) {
    return new Address(
        address(1, host), address(3, host), List.of("ip", "netns", "exec", space(host)));
  }

  /**
   * Cuts a host off from the others.
   *
   * @param fromKafka whether from Kafka and Consul as well
   */
  void cut(int host, boolean fromKafka) throws IOException, InterruptedException {
    Namespaces.call("ip", "link", "set", link("hosts", host), "down");
    if (fromKafka) {
      Namespaces.call("ip", "link", "set", link("site", host), "down");
    }
  }

  /** Connects it again with everything. */
  void heal(int host) throws IOException, InterruptedException {
    Namespaces.call("ip", "link", "set", link("hosts", host), "up");
    Namespaces.call("ip", "link", "set", link("site", host), "up");
  }

  /** Takes it down; what cannot be is gone with the process. */
  @Override
  public void close() {
    for (int host = 1; host <= hosts; host++) {
      for (String bridge : BRIDGES) {
        remove("link", link(bridge, host)); // with its namespace it would go some time later
      }
      remove("netns", space(host));
    }
    for (String bridge : BRIDGES) {
      remove("link", bridge);
    }
  }

  private static void remove(String kind, String name) {
    try {
      Namespaces.call("ip", kind, "del", name);
    } catch (IOException left) {
      LOG.debug("{} {} stays until this process ends", kind, name, left);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String space(int host) {
    return "relay-" + host;
  }

  private static String link(String bridge, int host) {
    return bridge + "-" + host;
  }

  private static String address(int net, int host) {
    return "10.77." + net + "." + (FIRST + host);
  }
}
