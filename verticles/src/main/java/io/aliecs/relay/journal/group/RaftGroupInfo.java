package io.aliecs.relay.journal.group;

import io.aliecs.relay.settings.ClusterHost;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.LogInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;

/**
 * The group as one of its hosts sees it.
 *
 * @param asked the host that was asked, where it answered
 * @param term its term when it takes itself for the leader, else −1
 * @param hasEntries whether it has anything of the journal
 * @param hosts all hosts of the group, in the order of their ids
 * @param contactMs as a leader, how long ago each of the hosts last answered it, in ms; itself 0
 */
public record RaftGroupInfo(
    ClusterHost asked,
    long term,
    boolean hasEntries,
    List<ClusterHost> hosts,
    Map<String, Long> contactMs) {

  public RaftGroupInfo {
    hosts = List.copyOf(hosts);
    contactMs = Map.copyOf(contactMs);
  }

  /** Reads the reply of a host; null when it has no group. */
  static @Nullable RaftGroupInfo of(ClusterHost asked, @Nullable GroupInfoReply reply) {
    if (reply == null || !reply.isSuccess()) {
      return null;
    }
    RoleInfoProto role = reply.getRoleInfoProto();
    Map<String, Long> contact = new HashMap<>();
    role.getLeaderInfo()
        .getFollowerInfoList()
        .forEach(
            follower ->
                contact.put(
                    follower.getId().getId().toStringUtf8(), follower.getLastRpcElapsedTimeMs()));
    contact.put(asked.id(), 0L);
    LogInfoProto log = reply.getLogInfoProto();
    return new RaftGroupInfo(
        asked,
        role.hasLeaderInfo() ? role.getLeaderInfo().getTerm() : -1,
        log.hasLastEntry() || log.hasLastSnapshot(),
        reply.getConf().map(RaftGroupInfo::hosts).orElse(List.of()),
        contact);
  }

  private static List<ClusterHost> hosts(RaftConfigurationProto conf) {
    return conf.getPeersList().stream()
        .map(RaftGroupInfo::host)
        .sorted(Comparator.comparing(ClusterHost::id))
        .toList();
  }

  private static ClusterHost host(RaftPeerProto peer) {
    return ClusterHost.of(peer.getId().toStringUtf8(), peer.getAddress());
  }

  /** The host in the terms of Ratis. */
  public static RaftPeer peer(ClusterHost host) {
    return RaftPeer.newBuilder().setId(host.id()).setAddress(host.address()).build();
  }

  boolean leads() {
    return term >= 0;
  }

  public String hostId() {
    return asked.id();
  }

  public boolean has(String id) {
    return hosts.stream().anyMatch(host -> host.id().equals(id));
  }

  /** Those that answered within so many ms. */
  public Set<String> alive(long patienceMs) {
    return contactMs.entrySet().stream()
        .filter(entry -> entry.getValue() >= 0 && entry.getValue() <= patienceMs)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
