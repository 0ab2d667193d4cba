package io.aliecs.relay.environment;

import io.aliecs.relay.settings.ClusterHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest.Arguments;
import org.apache.ratis.protocol.SetConfigurationRequest.Mode;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.TimeDuration;

/**
 * Changes who belongs to the group; asks the leader, whichever host that is. Thread safe; {@link
 * #takeIn} blocks.
 */
final class Membership {
  private static final int TRIES = 20;
  private static final TimeDuration BETWEEN = TimeDuration.valueOf(200, TimeUnit.MILLISECONDS);

  private final RaftServer.Division division;
  private final List<ClusterHost> hosts;
  private final RaftProperties properties;
  private final Parameters parameters;

  /**
   * @param hosts every host that is to belong to the group
   */
  Membership(
      RaftServer.Division division,
      List<ClusterHost> hosts,
      RaftProperties properties,
      Parameters parameters) {
    this.parameters = parameters;
    this.division = division;
    this.hosts = hosts;
    this.properties = properties;
  }

  static RaftPeer peer(ClusterHost host) {
    return RaftPeer.newBuilder().setId(host.id()).setAddress(host.address()).build();
  }

  /** Ids of the hosts that are to belong to the group and do not. */
  List<String> missing() {
    List<String> present = ids(division.getRaftConf().getCurrentPeers());
    return hosts.stream().map(ClusterHost::id).filter(id -> !present.contains(id)).toList();
  }

  /**
   * Takes a host in; one that is in the group goes out first: Ratis then forgets what it believed
   * the host to have, and sends it everything. Returns when the host has caught up.
   *
   * @throws IOException when it did not, for example because the group has no leader; the host may
   *     be left out then, and is {@link #missing}
   */
  void takeIn(String id) throws IOException {
    try (RaftClient client = client()) {
      List<RaftPeer> now =
          List.copyOf(
              client
                  .getGroupManagementApi(division.getInfo().getLeaderId())
                  .info(division.getGroup().getGroupId())
                  .getGroup()
                  .getPeers());
      List<RaftPeer> others =
          now.stream().filter(one -> !one.getId().toString().equals(id)).toList();
      if (others.size() < now.size()) {
        change(client, now, others);
      }
      List<RaftPeer> all = new ArrayList<>(others);
      hosts.stream().filter(h -> h.id().equals(id)).map(Membership::peer).forEach(all::add);
      change(client, others, all);
    }
  }

  private RaftClient client() {
    return RaftClient.newBuilder()
        .setRaftGroup(
            RaftGroup.valueOf(
                division.getGroup().getGroupId(), hosts.stream().map(Membership::peer).toList()))
        .setLeaderId(division.getInfo().getLeaderId())
        .setProperties(properties)
        .setParameters(parameters)
        .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(TRIES, BETWEEN))
        .build();
  }

  /** Only if nobody else has changed it meanwhile. */
  private static void change(RaftClient client, List<RaftPeer> from, List<RaftPeer> to)
      throws IOException {
    RaftClientReply reply =
        client
            .admin()
            .setConfiguration(
                Arguments.newBuilder()
                    .setServersInCurrentConf(from)
                    .setServersInNewConf(to)
                    .setMode(Mode.COMPARE_AND_SET)
                    .build());
    if (!reply.isSuccess()) {
      throw new IOException(
          ids(from) + " to " + ids(to) + ": " + reply.getException(), reply.getException());
    }
  }

  private static List<String> ids(Iterable<RaftPeer> peers) {
    List<String> ids = new ArrayList<>();
    peers.forEach(peer -> ids.add(peer.getId().toString()));
    return ids;
  }
}
