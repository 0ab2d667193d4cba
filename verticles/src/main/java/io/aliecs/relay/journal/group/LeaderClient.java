package io.aliecs.relay.journal.group;

import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ClusterStatus.Member;
import io.aliecs.relay.settings.ClusterHost;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.retry.RetryPolicy;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/**
 * Hands entries to the host that leads, and to its successor when it dies meanwhile: one entry at a
 * time, the next when the one before is answered, so none overtakes another. For one thread;
 * replies arrive on others, and connecting may block.
 */
public final class LeaderClient implements AutoCloseable {
  /** A leader that is silent for so long may be paused or cut off: another host is asked. */
  private static final TimeDuration ANSWER = TimeDuration.valueOf(1_500, TimeUnit.MILLISECONDS);

  private static final long GIVE_UP_NS = TimeUnit.SECONDS.toNanos(10);
  private static final RetryPolicy AGAIN =
      RetryPolicies.retryForeverWithSleep(TimeDuration.valueOf(100, TimeUnit.MILLISECONDS));

  private final RaftGroupId groupId;
  private final RaftProperties properties;
  private final Parameters parameters;

  /** The hosts that the client was made for. */
  private List<ClusterHost> hosts = List.of();

  private @Nullable RaftClient client;

  /** When what is under way now is given up, on the clock of {@link System#nanoTime}. */
  private volatile long giveUpAt;

  public LeaderClient(RaftGroupId groupId, RaftProperties properties, Parameters parameters) {
    this.groupId = groupId;
    this.properties = new RaftProperties(properties);
    this.parameters = parameters;
    RaftClientConfigKeys.Rpc.setRequestTimeout(this.properties, ANSWER);
  }

  /**
   * Sends an entry.
   *
   * @param status how the group is, as this host sees it
   * @return the leader's answer; fails after some 10 s, and then the entry may be safe or not
   */
  public CompletableFuture<RaftClientReply> send(ClusterStatus status, Message entry) {
    if (status.members().isEmpty() || status.leaderId().isEmpty()) {
      return CompletableFuture.failedFuture(new IOException("no leader is known"));
    }
    giveUpAt = System.nanoTime() + GIVE_UP_NS;
    try {
      return connected(status).async().send(entry);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private RaftClient connected(ClusterStatus status) throws IOException {
    List<ClusterHost> now = status.members().stream().map(Member::host).toList();
    RaftClient open = client;
    if (open == null || !now.equals(hosts)) {
      close();
      open = connect(now, status.leaderId());
      client = open;
      hosts = now;
    }
    return open;
  }

  private RaftClient connect(List<ClusterHost> to, String leaderId) {
    return RaftClient.newBuilder()
        .setRaftGroup(RaftGroup.valueOf(groupId, to.stream().map(RaftGroupInfo::peer).toList()))
        .setLeaderId(RaftPeerId.valueOf(leaderId))
        .setProperties(properties)
        .setParameters(parameters)
        .setRetryPolicy(
            failure ->
                (System.nanoTime() - giveUpAt < 0 ? AGAIN : RetryPolicies.noRetry())
                    .handleAttemptFailure(failure))
        .build();
  }

  @Override
  public void close() throws IOException {
    RaftClient open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }
}
