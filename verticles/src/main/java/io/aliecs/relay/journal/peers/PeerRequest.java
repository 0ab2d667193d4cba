package io.aliecs.relay.journal.peers;

import io.aliecs.relay.journal.peers.KnownHosts.Standing;
import io.aliecs.relay.settings.ClusterHost;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.SetConfigurationRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;

/** Who may make which request. What hosts do not ask of each other is nobody's. */
enum PeerRequest {
  /** Who belongs to the cluster and who leads it: a host that is to be added asks for that. */
  QUESTION,

  /**
   * A host asks to lead, under its own name. One that was removed while it was away learns of that
   * from the reply; nobody votes for it.
   */
  VOTE,

  /** A host of the cluster keeps the journal with the others, under its own name. */
  REPLICATION,

  /** A host of the cluster hands entries, or the lead, to another one. */
  COMMAND,

  /** A host of the cluster changes who belongs to it; one of the settings takes itself in again. */
  MEMBERSHIP,

  /** Making and deleting journals, and the like. */
  NOBODYS;

  private static final Map<String, PeerRequest> BY_METHOD =
      Map.of(
          AdminProtocolServiceGrpc.getGroupListMethod().getFullMethodName(), QUESTION,
          AdminProtocolServiceGrpc.getGroupInfoMethod().getFullMethodName(), QUESTION,
          RaftServerProtocolServiceGrpc.getRequestVoteMethod().getFullMethodName(), VOTE,
          RaftServerProtocolServiceGrpc.getStartLeaderElectionMethod().getFullMethodName(),
              REPLICATION,
          RaftServerProtocolServiceGrpc.getAppendEntriesMethod().getFullMethodName(), REPLICATION,
          RaftServerProtocolServiceGrpc.getInstallSnapshotMethod().getFullMethodName(), REPLICATION,
          RaftServerProtocolServiceGrpc.getReadIndexMethod().getFullMethodName(), REPLICATION,
          RaftClientProtocolServiceGrpc.getOrderedMethod().getFullMethodName(), COMMAND,
          AdminProtocolServiceGrpc.getTransferLeadershipMethod().getFullMethodName(), COMMAND,
          AdminProtocolServiceGrpc.getSetConfigurationMethod().getFullMethodName(), MEMBERSHIP);

  static PeerRequest of(String method) {
    return BY_METHOD.getOrDefault(method, NOBODYS);
  }

  /** Why a peer may not even begin; empty when it may. */
  Optional<String> refuses(Standing peer) {
    boolean may =
        switch (this) {
          case QUESTION -> true;
          case REPLICATION, COMMAND -> peer.isMember();
          case VOTE, MEMBERSHIP -> peer.isMember() || !peer.listed().isEmpty();
          case NOBODYS -> false;
        };
    return may
        ? Optional.empty()
        : Optional.of(
            this == NOBODYS
                ? "no host asks for that"
                : "its certificate is of no host of the cluster (expected: that of one of "
                    + peer.known().members().stream().map(ClusterHost::id).sorted().toList()
                    + ", with its address in cluster.hosts)");
  }

  /** Why a peer that may make such requests may not make this one; empty when it may. */
  Optional<String> refuses(Standing peer, Object message) {
    return refuses(peer)
        .or(
            () ->
                switch (this) {
                  case VOTE -> refusesName(peer.all(), requestor(message));
                  case REPLICATION -> refusesName(peer.members(), requestor(message));
                  case MEMBERSHIP -> refusesChange(peer, message);
                  default -> Optional.empty();
                });
  }

  private static Optional<String> refusesName(Set<String> own, String claimed) {
    return own.contains(claimed)
        ? Optional.empty()
        : Optional.of("it says that it is " + claimed + " (expected: one of " + own + ")");
  }

  private static String requestor(Object message) {
    RaftRpcRequestProto request =
        message instanceof AppendEntriesRequestProto append
            ? append.getServerRequest()
            : message instanceof RequestVoteRequestProto vote
                ? vote.getServerRequest()
                : message instanceof InstallSnapshotRequestProto snapshot
                    ? snapshot.getServerRequest()
                    : message instanceof StartLeaderElectionRequestProto election
                        ? election.getServerRequest()
                        : message instanceof ReadIndexRequestProto read
                            ? read.getServerRequest()
                            : RaftRpcRequestProto.getDefaultInstance();
    return request.getRequestorId().toStringUtf8();
  }

  /** A host whose disk was lost has had itself taken out, and asks to be taken in again. */
  private static Optional<String> refusesChange(Standing peer, Object message) {
    if (peer.isMember() || !(message instanceof SetConfigurationRequestProto change)) {
      return Optional.empty();
    }
    Set<String> now =
        peer.known().members().stream()
            .map(host -> host.id() + "=" + host.address())
            .collect(Collectors.toSet());
    List<RaftPeerProto> added =
        change.getPeersList().stream().filter(one -> !now.contains(name(one))).toList();
    boolean onlyItself =
        change.getPeersCount() == now.size() + 1
            && added.size() == 1
            && peer.listed().contains(added.get(0).getId().toStringUtf8())
            && change.getListenersCount() == 0;
    return onlyItself
        ? Optional.empty()
        : Optional.of(
            "it does not belong to the cluster (expected: that it asks to be taken in, and for"
                + " nothing else)");
  }

  private static String name(RaftPeerProto peer) {
    return peer.getId().toStringUtf8() + "=" + peer.getAddress();
  }
}
