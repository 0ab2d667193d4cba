package io.aliecs.relay.journal.group;

import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ClusterStatus.Member;
import io.aliecs.relay.settings.ClusterHost;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/** Reads the status of the group from Ratis, as this host sees it. Thread safe; does not block. */
public final class RaftStatus {
  private final RaftServer.Division division;
  private final String self;
  private final long patienceMs;

  /** The hosts of one configuration, until there is another one. */
  private record Named(RaftConfiguration in, List<ClusterHost> hosts) {}

  private volatile @Nullable Named named;

  /**
   * @param patience a host that has been silent for longer is taken for away
   */
  public RaftStatus(RaftServer.Division division, Duration patience) {
    this.division = division;
    this.self = division.getId().toString();
    this.patienceMs = patience.toMillis();
  }

  /** The status of a host that belongs to no group. */
  public static ClusterStatus outside(String hostId) {
    long unknown = ClusterStatus.UNKNOWN;
    return new ClusterStatus(
        hostId, "", false, 0, false, unknown, -1, unknown, ClusterStatus.UNKNOWN, List.of());
  }

  /** Whether Ratis has ended its part in the group, from which this host was removed. */
  public boolean isOver() {
    return division.getInfo().getLifeCycleState().isClosingOrClosed();
  }

  /** The hosts of the group, those that are leaving it too; the same list until it changes. */
  public List<ClusterHost> hosts() {
    RaftConfiguration now = division.getRaftConf();
    Named last = named;
    if (last == null || last.in() != now) {
      last =
          new Named(
              now,
              now.getAllPeers().stream()
                  .map(peer -> ClusterHost.of(peer.getId().toString(), peer.getAddress()))
                  .distinct()
                  .toList());
      named = last;
    }
    return last.hosts();
  }

  /** How the group is now. */
  public ClusterStatus read() {
    DivisionInfo info = division.getInfo();
    if (isOver()) {
      return outside(self);
    }
    RaftPeerId known = info.getLeaderId();
    String leader = known == null ? "" : known.toString();
    boolean leading = leader.equals(self) && info.isLeaderReady();
    RoleInfoProto role = info.getRoleInfoProto();
    List<Member> members = members(info, role);
    long contactMs = contactMs(role, members);
    long committed = leading ? committed() : committedOn(leader);
    boolean current = committed >= 0 && contactMs >= 0 && contactMs <= patienceMs;
    long index = info.getLastAppliedIndex();
    long behind = current ? Math.max(0, committed - index) : ClusterStatus.UNKNOWN;
    return new ClusterStatus(
        self,
        leader,
        leading,
        info.getCurrentTerm(),
        current,
        contactMs,
        index,
        behind,
        ClusterStatus.UNKNOWN,
        members.stream().map(one -> one.id().equals(self) ? itself(one, behind) : one).toList());
  }

  private static Member itself(Member self, long behind) {
    return new Member(self.id(), self.address(), self.heardMs(), behind);
  }

  private List<Member> members(DivisionInfo info, RoleInfoProto role) {
    Map<String, Long> contactMs = new HashMap<>();
    Map<String, Long> behind = new HashMap<>();
    if (role.hasLeaderInfo()) {
      long committed = committed();
      List<ServerRpcProto> followers = role.getLeaderInfo().getFollowerInfoList();
      long[] match = info.getFollowerMatchIndices();
      for (int i = 0; match != null && match.length == followers.size() && i < match.length; i++) {
        String id = followers.get(i).getId().getId().toStringUtf8();
        contactMs.put(id, followers.get(i).getLastRpcElapsedTimeMs());
        behind.put(id, Math.max(0, committed - match[i]));
      }
    } else if (role.hasFollowerInfo()) {
      ServerRpcProto leader = role.getFollowerInfo().getLeaderInfo();
      contactMs.put(leader.getId().getId().toStringUtf8(), leader.getLastRpcElapsedTimeMs());
    }
    contactMs.put(self, 0L);
    return division.getRaftConf().getCurrentPeers().stream()
        .sorted(Comparator.comparing(peer -> peer.getId().toString()))
        .map(peer -> member(peer, contactMs, behind))
        .toList();
  }

  private static Member member(
      RaftPeer peer, Map<String, Long> contactMs, Map<String, Long> behind) {
    String id = peer.getId().toString();
    return new Member(
        id,
        peer.getAddress(),
        contactMs.getOrDefault(id, ClusterStatus.UNKNOWN),
        behind.getOrDefault(id, ClusterStatus.UNKNOWN));
  }

  /** A leader is as current as the slowest of the fastest majority. */
  private long contactMs(RoleInfoProto role, List<Member> members) {
    if (role.hasFollowerInfo()) {
      return role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs();
    }
    if (!role.hasLeaderInfo()) {
      return role.hasCandidateInfo()
          ? role.getCandidateInfo().getLastLeaderElapsedTimeMs()
          : ClusterStatus.UNKNOWN;
    }
    List<Long> contacts =
        members.stream()
            .map(member -> member.heardMs() < 0 ? Long.MAX_VALUE : member.heardMs())
            .sorted()
            .toList();
    long slowest = contacts.isEmpty() ? 0 : contacts.get(contacts.size() / 2);
    return slowest == Long.MAX_VALUE ? ClusterStatus.UNKNOWN : slowest;
  }

  /** As the leader has last reported it; unknown on a host that has just started. */
  private long committedOn(String leader) {
    return division.getCommitInfos().stream()
        .filter(info -> info.getServer().getId().toStringUtf8().equals(leader))
        .mapToLong(CommitInfoProto::getCommitIndex)
        .findFirst()
        .orElse(ClusterStatus.UNKNOWN);
  }

  private long committed() {
    return division.getCommitInfos().stream()
        .mapToLong(CommitInfoProto::getCommitIndex)
        .max()
        .orElse(0);
  }
}
