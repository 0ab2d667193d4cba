package io.aliecs.relay.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One control host of the cluster, as all of them know it. It listens on three ports that follow
 * each other: for the journal, for the event bus, and for the membership of the bus.
 *
 * @param id name of the host, unique in the cluster
 * @param host address it listens on
 * @param port port its journal listens on, 1 to 65533
 */
public record ClusterHost(String id, String host, int port) {
  private static final String SETTING = "cluster.hosts";

  /** Most hosts of a cluster. */
  public static final int MOST = 7;

  /** Ports of a host, one behind the other: journal, event bus, membership. */
  public static final int PORTS = 3;

  private static final Pattern ENTRY =
      Pattern.compile("([A-Za-z0-9._-]{1,64})=(\\[[0-9A-Fa-f:.]+]|[^\\s:/\\[\\]]+):([0-9]{1,5})");

  public ClusterHost {
    Requirement.that(!id.isBlank(), SETTING, '"' + id + '"', "a name before the =");
    Requirement.port(SETTING, port);
    Requirement.that(
        port != 0 && port <= 65_536 - PORTS,
        SETTING,
        port,
        "a port, 1 to 65533, and the two behind it");
  }

  /**
   * Reads one host.
   *
   * @param address host and port, for example {@code 10.0.0.1:8701}
   * @throws IllegalArgumentException naming what was found and what is expected
   */
  public static ClusterHost of(String id, String address) {
    return parse(id + "=" + address);
  }

  /**
   * Reads one host, for example {@code relay-1=10.0.0.1:8701}.
   *
   * @throws IllegalArgumentException naming what was found and what is expected
   */
  public static ClusterHost parse(String entry) {
    Matcher found = ENTRY.matcher(entry.strip());
    Requirement.that(
        found.matches(),
        SETTING,
        '"' + entry.strip() + '"',
        "id=address:port, with commas between");
    return new ClusterHost(found.group(1), found.group(2), Integer.parseInt(found.group(3)));
  }

  /** Host and port, as in a URL. */
  public String address() {
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    return (bare ? "[" + host + "]" : host) + ":" + port;
  }

  /** Port of its event bus. */
  public int busPort() {
    return port + 1;
  }

  /** Port on which other members of the bus introduce themselves. */
  public int membersPort() {
    return port + 2;
  }

  /** The address without the brackets that an IPv6 one has in a URL. */
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Whether it can be reached from its own machine only. */
  boolean isLoopback() {
    return host.startsWith("127.")
        || host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]");
  }

  /**
   * Reads a list such as {@code relay-1=10.0.0.1:8701, relay-2=10.0.0.2:8701}.
   *
   * @throws IllegalArgumentException naming the entry that was found and what is expected
   */
  public static List<ClusterHost> list(String text) {
    List<ClusterHost> hosts = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      hosts.add(parse(entry));
    }
    return List.copyOf(hosts);
  }

  private boolean overlaps(ClusterHost other) {
    return host.equals(other.host) && Math.abs(port - other.port) < PORTS;
  }

  /** Refuses a list in which hosts cannot be told apart, or this host is not. */
  static void requireGroup(List<ClusterHost> hosts, String self) {
    Requirement.that(hosts.size() <= MOST, SETTING, hosts.size() + " hosts", "at most " + MOST);
    Requirement.that(
        hosts.stream().map(ClusterHost::id).distinct().count() == hosts.size(),
        SETTING,
        hosts.stream().map(ClusterHost::id).toList(),
        "each host once");
    Requirement.that(
        hosts.stream().allMatch(host -> hosts.stream().filter(host::overlaps).count() == 1),
        SETTING,
        hosts.stream().map(ClusterHost::address).toList(),
        "each address once, and on one address ports three apart");
    Requirement.that(
        hosts.stream().anyMatch(host -> host.id().equals(self)),
        SETTING,
        hosts.stream().map(ClusterHost::id).toList(),
        "host.id \"" + self + "\" among them");
  }
}
