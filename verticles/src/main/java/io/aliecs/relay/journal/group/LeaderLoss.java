package io.aliecs.relay.journal.group;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Comparator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.util.NetUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this host stand for election at once when the process of the leader has ended: its connection
 * broke, and its address refuses another one. Ratis waits for one election timeout or two. A leader
 * that is slow, paused or cut off refuses nothing: for those there are the timeouts. Of several
 * that are left the first by name stands. Thread safe.
 */
public final class LeaderLoss implements ServerInterceptor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderLoss.class);

  /** Only leaders call it, and they keep the call open. */
  private static final String CALL_OF_LEADERS = "appendEntries";

  private static final int CONNECT_MS = 100;

  /** A process that ends takes its connections and its port away one after the other. */
  private static final int LOOKS = 25;

  private static final long LOOK_AGAIN_MS = 20;

  /** One look at a time, and one more that waits; any other would only see the same. */
  private final ExecutorService looking =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(1),
          LeaderLoss::thread,
          new ThreadPoolExecutor.DiscardPolicy());

  private volatile @Nullable RaftServer server;

  /** The leader that this host followed when its connection broke. */
  private record Followed(RaftServer.Division division, RaftPeerId leader, long term) {
    boolean isStill() {
      DivisionInfo now = division.getInfo();
      return now.getLifeCycleState().isRunning()
          && now.isFollower()
          && leader.equals(now.getLeaderId())
          && now.getCurrentTerm() == term;
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "journal-leader-loss");
    thread.setDaemon(true);
    return thread;
  }

  /** From now on this server may stand for election. */
  public void begin(RaftServer standing) {
    server = standing;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    if (!CALL_OF_LEADERS.equals(call.getMethodDescriptor().getBareMethodName())) {
      return listener;
    }
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onCancel() {
        super.onCancel();
        looking.execute(LeaderLoss.this::look);
      }

      @Override
      public void onComplete() {
        super.onComplete();
        looking.execute(LeaderLoss.this::look);
      }
    };
  }

  private void look() {
    Followed followed = followed();
    for (int left = LOOKS; left > 0 && followed != null && followed.isStill(); left--) {
      RaftPeer leader = followed.division().getRaftConf().getPeer(followed.leader());
      if (leader == null) {
        return;
      }
      if (refuses(leader.getAddress())) {
        if (isFirst(followed)) {
          stand(followed);
        }
        return;
      }
      try {
        Thread.sleep(LOOK_AGAIN_MS);
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private @Nullable Followed followed() {
    RaftServer standing = server;
    try {
      if (standing == null || !standing.getGroupIds().iterator().hasNext()) {
        return null;
      }
      RaftServer.Division division = standing.getDivision(standing.getGroupIds().iterator().next());
      RaftPeerId leader = division.getInfo().getLeaderId();
      return leader == null || leader.equals(division.getId())
          ? null
          : new Followed(division, leader, division.getInfo().getCurrentTerm());
    } catch (IOException over) {
      return null;
    }
  }

  private static boolean refuses(String address) {
    InetSocketAddress to = NetUtils.createSocketAddr(address);
    try (Socket socket = new Socket()) {
      socket.connect(to, CONNECT_MS);
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException | IllegalArgumentException unknown) {
      return false;
    }
  }

  /** Two that stand at the same time would both lose: the others have their timeouts. */
  private static boolean isFirst(Followed followed) {
    RaftPeerId self = followed.division().getId();
    return followed.division().getRaftConf().getCurrentPeers().stream()
        .map(RaftPeer::getId)
        .filter(id -> !id.equals(followed.leader()))
        .min(Comparator.comparing(RaftPeerId::toString))
        .filter(self::equals)
        .isPresent();
  }

  /** As if the leader itself handed over: that needs no pre-vote. */
  private void stand(Followed followed) {
    RaftServer standing = server;
    TermIndex last = followed.division().getRaftLog().getLastEntryTermIndex();
    if (standing == null || last == null || !followed.isStill()) {
      return;
    }
    LOG.info("{}, which led, has ended: this host stands for election", followed.leader());
    try {
      standing.startLeaderElection(
          StartLeaderElectionRequestProto.newBuilder()
              .setServerRequest(
                  RaftRpcRequestProto.newBuilder()
                      .setRequestorId(followed.leader().toByteString())
                      .setReplyId(followed.division().getId().toByteString())
                      .setRaftGroupId(
                          RaftGroupIdProto.newBuilder()
                              .setId(followed.division().getGroup().getGroupId().toByteString())))
              .setLeaderLastEntry(last.toProto())
              .build());
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot stand for election: {}; it comes with the timeouts", e.toString());
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
