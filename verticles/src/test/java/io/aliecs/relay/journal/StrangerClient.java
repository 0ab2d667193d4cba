package io.aliecs.relay.journal;

import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.settings.ClusterHost;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.TimeDuration;

/** Ratis's own client, as anybody has it who has its jars. */
final class StrangerClient {
  static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes("aliecs-relay".getBytes(StandardCharsets.UTF_8)));

  private StrangerClient() {}

  static RaftClient to(List<ClusterHost> hosts, Parameters parameters) {
    RaftProperties properties = new RaftProperties();
    RaftClientConfigKeys.Rpc.setRequestTimeout(
        properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
    return RaftClient.newBuilder()
        .setRaftGroup(RaftGroup.valueOf(GROUP, hosts.stream().map(RaftGroupInfo::peer).toList()))
        .setProperties(properties)
        .setParameters(parameters)
        .setRetryPolicy(
            RetryPolicies.retryUpToMaximumCountWithFixedSleep(
                5, TimeDuration.valueOf(200, TimeUnit.MILLISECONDS)))
        .build();
  }

  static RaftClientReply write(RaftClient client, byte[] entry) throws Exception {
    Message message = Message.valueOf(ByteString.copyFrom(entry));
    return client.async().send(message).get(30, TimeUnit.SECONDS);
  }
}
