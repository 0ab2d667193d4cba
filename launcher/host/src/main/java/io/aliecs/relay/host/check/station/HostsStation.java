package io.aliecs.relay.host.check.station;

import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.settings.ClusterHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** The control hosts of the cluster: named, and listening. */
public record HostsStation(JournalOptions options, Executor threads) {
  private static final String ID = "hosts";

  /** Blocks for some seconds at most. */
  public List<Finding> look() {
    if (options.alone()) {
      return List.of(Finding.ok(ID, "this host, " + options.hostId() + ", is alone"));
    }
    List<Finding> findings = new ArrayList<>();
    List<ClusterHost> hosts = options.hosts();
    List<Reach> tried = Reach.of(hosts.stream().map(ClusterHost::address).toList(), threads);
    for (int i = 0; i < hosts.size(); i++) {
      findings.add(finding(hosts.get(i).id(), tried.get(i)));
    }
    return findings;
  }

  private static Finding finding(String id, Reach host) {
    String text = "host " + id + ", journal at " + host.address();
    return switch (host.outcome()) {
      case REACHED -> Finding.ok(ID, text + " listens");
      case NO_SUCH_NAME ->
          Finding.failed(
              "hosts.name",
              text,
              host.why(),
              "a name that this host can look up",
              "correct cluster.hosts on every host, or the name service");
      case NO_CONNECTION ->
          Finding.warning(
              "hosts.port",
              text,
              host.why(),
              "the journal of a host that runs",
              "start the relay there, or open the way to that port");
    };
  }
}
