package io.aliecs.relay.environment;

import io.aliecs.relay.settings.ClusterHost;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.TimeDuration;

/** Asks the leader, whichever host that is, to let another one lead. Thread safe; blocks. */
final class Handover {
  private static final int TRIES = 5;
  private static final TimeDuration BETWEEN = TimeDuration.valueOf(200, TimeUnit.MILLISECONDS);
  private static final long TIMEOUT_MS = 3_000;

  private final RaftServer.Division division;
  private final List<RaftPeer> peers;
  private final RaftProperties properties;
  private final Parameters parameters;

  Handover(
      RaftServer.Division division,
      List<ClusterHost> hosts,
      RaftProperties properties,
      Parameters parameters) {
    this.division = division;
    this.peers = hosts.stream().map(Handover::peer).toList();
    this.properties = properties;
    this.parameters = parameters;
  }

  static RaftPeer peer(ClusterHost host) {
    return RaftPeer.newBuilder().setId(host.id()).setAddress(host.address()).build();
  }

  /**
   * Has the lead handed to a host that has everything. When it fails, everything is as before.
   *
   * @throws IOException when it was not handed over in time
   */
  void to(String id) throws IOException {
    try (RaftClient client =
        RaftClient.newBuilder()
            .setRaftGroup(RaftGroup.valueOf(division.getGroup().getGroupId(), peers))
            .setLeaderId(division.getInfo().getLeaderId())
            .setProperties(properties)
            .setParameters(parameters)
            .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(TRIES, BETWEEN))
            .build()) {
      RaftClientReply reply = client.admin().transferLeadership(RaftPeerId.valueOf(id), TIMEOUT_MS);
      if (!reply.isSuccess()) {
        throw new IOException(String.valueOf(reply.getException()), reply.getException());
      }
    }
  }
}
