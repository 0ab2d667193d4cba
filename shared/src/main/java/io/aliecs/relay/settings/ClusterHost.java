package io.aliecs.relay.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One control host of the cluster, as all of them know it.
 *
 * @param id name of the host, unique in the cluster
 * @param host address its journal listens on
 * @param port port it listens on, 1 to 65535
 */
public record ClusterHost(String id, String host, int port) {
  private static final String SETTING = "cluster.hosts";

  /** Most hosts of a cluster. */
  public static final int MOST = 7;

  private static final Pattern ENTRY =
      Pattern.compile("([A-Za-z0-9._-]{1,64})=(\\[[0-9A-Fa-f:.]+]|[^\\s:/\\[\\]]+):([0-9]{1,5})");

  public ClusterHost {
    Requirement.that(!id.isBlank(), SETTING, '"' + id + '"', "a name before the =");
    Requirement.that(port >= 1 && port <= 65_535, SETTING, port, "a port, 1 to 65535");
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

  /** The address without the brackets that an IPv6 one has in a URL. */
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
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

  /** Refuses a list in which two hosts are the same, or this host is missing. */
  public static void requireGroup(List<ClusterHost> hosts, String self) {
    Requirement.that(hosts.size() <= MOST, SETTING, hosts.size() + " hosts", "at most " + MOST);
    Requirement.that(
        hosts.stream().map(ClusterHost::id).distinct().count() == hosts.size(),
        SETTING,
        hosts.stream().map(ClusterHost::id).toList(),
        "each host once");
    Requirement.that(
        hosts.stream().map(ClusterHost::address).distinct().count() == hosts.size(),
        SETTING,
        hosts.stream().map(ClusterHost::address).toList(),
        "each address once");
    Requirement.that(
        hosts.stream().anyMatch(host -> host.id().equals(self)),
        SETTING,
        hosts.stream().map(ClusterHost::id).toList(),
        "host.id \"" + self + "\" among them");
  }
}
