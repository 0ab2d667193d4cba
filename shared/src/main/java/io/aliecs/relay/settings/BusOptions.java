package io.aliecs.relay.settings;

import io.aliecs.relay.tls.ClusterCertificates;
import java.util.List;
import java.util.Optional;

/**
 * How a process takes part in the event bus of the control hosts: as one of them, or as a guest,
 * which sends to them.
 *
 * @param hostId which host this is, empty for a guest
 * @param address that the bus listens on and that others reach it by; with certificates, one that
 *     is in this process's certificate
 * @param port of the bus on that address
 * @param membersPort port on which other members introduce themselves, 0 for a guest
 * @param hosts every control host that is known from the start
 * @param certificates how members prove who they are; empty for plain text
 */
public record BusOptions(
    String hostId,
    String address,
    int port,
    int membersPort,
    List<ClusterHost> hosts,
    Optional<ClusterCertificates> certificates) {

  public BusOptions {
    hosts = List.copyOf(hosts);
    Requirement.that(!address.isBlank(), "address", '"' + address + '"', "an address of this host");
    Requirement.port("port", port);
    Requirement.that(!hosts.isEmpty(), "hosts", "none", "one control host or more");
  }

  /** The bus of one of the hosts. */
  public static BusOptions host(
      ClusterHost self, List<ClusterHost> hosts, Optional<ClusterCertificates> certificates) {
    return new BusOptions(
        self.id(), self.bareHost(), self.busPort(), self.membersPort(), hosts, certificates);
  }

  /**
   * The bus of a process that is no control host.
   *
   * @param address of this process, on which the hosts reach it with their replies
   * @param port likewise, 0 for any
   */
  public static BusOptions guest(
      String address,
      int port,
      List<ClusterHost> hosts,
      Optional<ClusterCertificates> certificates) {
    return new BusOptions("", address, port, 0, hosts, certificates);
  }

  /**
   * The bus of a process that is no control host, as the settings {@code cluster.*} say.
   *
   * @param address see {@link #guest(String, int, List, Optional)}
   * @throws IllegalArgumentException naming the setting, what was found and what is expected
   */
  public static BusOptions guest(SettingSources sources, String address, int port) {
    String list = sources.text(SettingCatalog.CLUSTER_HOSTS);
    Requirement.that(
        !list.isBlank(), "cluster.hosts", "nothing", "the control hosts, id=address:port");
    List<ClusterHost> hosts = ClusterHost.list(list);
    return guest(address, port, hosts, ClusterTls.of(sources, hosts));
  }

  /** Whether this is no control host. */
  public boolean isGuest() {
    return hostId.isEmpty();
  }
}
