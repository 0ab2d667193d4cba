package io.aliecs.relay.testkit.consul;

import io.aliecs.relay.testkit.FreePort;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The configuration of a Consul server for tests, on ports of its own.
 *
 * @param ports free ports for HTTP, the server, Serf in the LAN, Serf in the WAN, DNS
 * @param acls whether it denies whatever no token allows
 */
record ConsulConfig(List<Integer> ports, boolean acls) {

  ConsulConfig {
    ports = List.copyOf(ports);
  }

  /** Chooses five free ports. */
  static ConsulConfig onFreePorts(boolean acls) {
    return new ConsulConfig(Stream.generate(FreePort::find).distinct().limit(5).toList(), acls);
  }

  /** The port that serves HTTP. */
  int httpPort() {
    return ports.get(0);
  }

  /** Short Raft timeouts, as in dev mode, so that a restarted server has a leader in a second. */
  String toHcl() {
    return String.format(
        Locale.ROOT,
        """
        ports { http = %d, server = %d, serf_lan = %d, serf_wan = %d, dns = %d, grpc = -1 }
        performance { raft_multiplier = 1 }
        limits { http_max_conns_per_client = 1000 }
        disable_update_check = true
        leave_on_terminate = false
        skip_leave_on_interrupt = true
        acl { enabled = %b, default_policy = "%s", enable_token_persistence = true }
        """,
        ports.get(0),
        ports.get(1),
        ports.get(2),
        ports.get(3),
        ports.get(4),
        acls,
        acls ? "deny" : "allow");
  }
}
