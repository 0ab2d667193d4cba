package io.aliecs.relay.journal.group;

import io.aliecs.relay.settings.ClusterHost;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.client.api.AdminApi;
import org.apache.ratis.client.api.GroupManagementApi;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.util.TimeDuration;
import org.apache.ratis.util.function.CheckedFunction;
import org.jspecify.annotations.Nullable;

/** Asks other hosts about the group, and the leader to change it. Thread safe; blocks. */
public final class RaftAdmin {
  private static final TimeDuration ASK = TimeDuration.valueOf(1, TimeUnit.SECONDS);

  /** A host that is taken in gets the whole journal first. */
  private static final TimeDuration CHANGE = TimeDuration.valueOf(45, TimeUnit.SECONDS);

  private static final long HAND_OVER_MS = 3_000;

  private final RaftGroupId groupId;
  private final RaftProperties properties;
  private final Parameters parameters;

  public RaftAdmin(RaftGroupId groupId, RaftProperties properties, Parameters parameters) {
    this.groupId = groupId;
    this.properties = properties;
    this.parameters = parameters;
  }

  /**
   * How a host sees the group.
   *
   * @return null when the host answers and has no group
   * @throws IOException when it does not answer within a second
   */
  public @Nullable RaftGroupInfo ask(ClusterHost host) throws IOException {
    try (RaftClient client = client(List.of(), host, ASK)) {
      GroupManagementApi asked = client.getGroupManagementApi(RaftPeerId.valueOf(host.id()));
      // In two steps, or the host that is asked would log an error.
      return asked.list().getGroupIds().contains(groupId)
          ? RaftGroupInfo.of(host, asked.info(groupId))
          : null;
    } catch (StatusRuntimeException away) {
      throw new IOException(host.address() + ": " + away.getStatus().getCode(), away);
    }
  }

  /** How the leader sees the group, if one of these hosts leads: of several the newest. */
  public Optional<RaftGroupInfo> askLeader(Collection<ClusterHost> hosts) {
    return hosts.stream()
        .flatMap(host -> askIfThere(host).stream())
        .filter(RaftGroupInfo::leads)
        .max(Comparator.comparing(RaftGroupInfo::term));
  }

  private Optional<RaftGroupInfo> askIfThere(ClusterHost host) {
    try {
      return Optional.ofNullable(ask(host));
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  /**
   * Has the leader change who belongs to the group. Returns when that is safe: a host that is new
   * has everything then.
   *
   * @param view the group as that leader sees it; nothing is done when it has changed since
   * @throws IOException when it was not changed; when that is not known, the message says so
   */
  public void change(RaftGroupInfo view, List<ClusterHost> to) throws IOException {
    set(view, to.stream().map(RaftGroupInfo::peer).toList());
  }

  /**
   * Gives the only host of a group its present address. Ratis identifies hosts by their ids, so it
   * takes an address only together with another priority, which is then put back.
   *
   * @throws IOException as from {@link #change}
   */
  public void move(RaftGroupInfo view, ClusterHost self) throws IOException {
    RaftPeer moved = RaftGroupInfo.peer(self);
    set(view, List.of(RaftPeer.newBuilder(moved).setPriority(1).build()));
    set(view, List.of(moved));
  }

  private void set(RaftGroupInfo view, List<RaftPeer> to) throws IOException {
    List<RaftPeer> from = view.hosts().stream().map(RaftGroupInfo::peer).toList();
    SetConfigurationRequest.Arguments change =
        SetConfigurationRequest.Arguments.newBuilder()
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .setServersInCurrentConf(from)
            .setServersInNewConf(to)
            .build();
    order(view, leader -> leader.setConfiguration(change));
  }

  /** Has the lead handed to a host that has everything. */
  public void handOver(RaftGroupInfo view, String id) throws IOException {
    order(view, leader -> leader.transferLeadership(RaftPeerId.valueOf(id), HAND_OVER_MS));
  }

  private void order(
      RaftGroupInfo view, CheckedFunction<AdminApi, RaftClientReply, IOException> change)
      throws IOException {
    try (RaftClient client = client(view.hosts(), view.asked(), CHANGE)) {
      RaftClientReply reply = change.apply(client.admin());
      if (!reply.isSuccess()) {
        throw new IOException(String.valueOf(reply.getException()), reply.getException());
      }
    } catch (StatusRuntimeException away) {
      throw new IOException(
          view.asked().address() + ": " + away.getStatus().getCode() + "; it may be done or not",
          away);
    }
  }

  /**
   * @param first the host to ask, at the address that it is known to answer at
   */
  private RaftClient client(
      Collection<ClusterHost> others, ClusterHost first, TimeDuration timeout) {
    RaftProperties ours = new RaftProperties(properties);
    RaftClientConfigKeys.Rpc.setRequestTimeout(ours, timeout);
    List<RaftPeer> peers =
        Stream.concat(
                Stream.of(first), others.stream().filter(host -> !host.id().equals(first.id())))
            .map(RaftGroupInfo::peer)
            .toList();
    return RaftClient.newBuilder()
        .setRaftGroup(RaftGroup.valueOf(groupId, peers))
        .setLeaderId(RaftPeerId.valueOf(first.id()))
        .setProperties(ours)
        .setParameters(parameters)
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }
}
