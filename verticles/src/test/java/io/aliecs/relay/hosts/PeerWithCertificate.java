package io.aliecs.relay.hosts;

import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.journal.peers.KnownHosts;
import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.settings.ClusterHost;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/** Says to the journal's port of a host whatever it is told to, with a certificate of its own. */
final class PeerWithCertificate {
  private static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes("aliecs-relay".getBytes(StandardCharsets.UTF_8)));
  private static final long TERM = 1_000_000;
  private static final long ANSWER_S = 30;

  private final GrpcTlsConfig tls;

  PeerWithCertificate(ClusterCertificates own) {
    tls = new GrpcTlsConfig(own.keyManager(), own.trustManager(new KnownHosts(List.of())), true);
  }

  /** Ratis's own client, which tries once. */
  RaftClient client(ClusterHost host, List<ClusterHost> others) {
    Parameters parameters = new Parameters();
    GrpcConfigKeys.TLS.setConf(parameters, tls);
    List<RaftPeer> peers =
        java.util.stream.Stream.concat(java.util.stream.Stream.of(host), others.stream())
            .distinct()
            .map(RaftGroupInfo::peer)
            .toList();
    return RaftClient.newBuilder()
        .setRaftGroup(RaftGroup.valueOf(GROUP, peers))
        .setLeaderId(RaftPeerId.valueOf(host.id()))
        .setProperties(new RaftProperties())
        .setParameters(parameters)
        .setRetryPolicy(RetryPolicies.noRetry())
        .build();
  }

  static RaftGroupId group() {
    return GROUP;
  }

  /** Asks for a vote in a term far ahead, under some name; returns how that ended. */
  Status.Code asksForVote(ClusterHost host, String as) throws Exception {
    RequestVoteRequestProto request =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(header(host, as))
            .setCandidateTerm(TERM)
            .setCandidateLastEntry(TermIndexProto.newBuilder().setTerm(TERM).setIndex(TERM))
            .build();
    Answer<RequestVoteReplyProto> answer = new Answer<>();
    return withChannel(
        host,
        channel -> {
          RaftServerProtocolServiceGrpc.newStub(channel).requestVote(request, answer);
          return answer.code();
        });
  }

  /** Sends an entry of some size as a leader would, under some name; returns how that ended. */
  Status.Code appends(ClusterHost host, String as, int bytes) throws Exception {
    LogEntryProto entry =
        LogEntryProto.newBuilder()
            .setTerm(TERM)
            .setIndex(0)
            .setStateMachineLogEntry(
                StateMachineLogEntryProto.newBuilder()
                    .setLogData(ByteString.copyFrom(new byte[bytes])))
            .build();
    AppendEntriesRequestProto request =
        AppendEntriesRequestProto.newBuilder()
            .setServerRequest(header(host, as))
            .setLeaderTerm(TERM)
            .addEntries(entry)
            .build();
    Answer<AppendEntriesReplyProto> answer = new Answer<>();
    return withChannel(
        host,
        channel -> {
          StreamObserver<AppendEntriesRequestProto> call =
              RaftServerProtocolServiceGrpc.newStub(channel).appendEntries(answer);
          call.onNext(request);
          return answer.code();
        });
  }

  private static RaftRpcRequestProto header(ClusterHost to, String as) {
    return RaftRpcRequestProto.newBuilder()
        .setRequestorId(ByteString.copyFromUtf8(as))
        .setReplyId(ByteString.copyFromUtf8(to.id()))
        .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(GROUP.toByteString()))
        .setCallId(1)
        .build();
  }

  private interface Asking {
    Status.Code on(ManagedChannel channel) throws Exception;
  }

  private Status.Code withChannel(ClusterHost host, Asking asking) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(host.host(), host.port())
            .sslContext(GrpcUtil.buildSslContextForClient(tls))
            .build();
    try {
      return asking.on(channel);
    } finally {
      channel.shutdownNow().awaitTermination(ANSWER_S, TimeUnit.SECONDS);
    }
  }

  /** The first thing that comes back. */
  private static final class Answer<T> implements StreamObserver<T> {
    private final BlockingQueue<Status> ended = new ArrayBlockingQueue<>(4);

    @Override
    public void onNext(T reply) {
      ended.offer(Status.OK);
    }

    @Override
    public void onError(Throwable failure) {
      ended.offer(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ended.offer(Status.OK);
    }

    Status.Code code() throws InterruptedException {
      Status status = ended.poll(ANSWER_S, TimeUnit.SECONDS);
      return status == null ? Status.Code.DEADLINE_EXCEEDED : status.getCode();
    }
  }
}
