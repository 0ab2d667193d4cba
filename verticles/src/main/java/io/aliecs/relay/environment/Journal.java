package io.aliecs.relay.environment;

import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.settings.JournalOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * The replicated journal on disk: batches of commands go in, and are safe when their reply comes
 * out. Thread safe; {@link #start} and {@link #close} block.
 */
final class Journal implements AutoCloseable {
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

  private final RaftServer server;
  private final RaftGroupId groupId;
  private final FolderLock lock;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final GroupReader group;
  private final Handover handover;

  private Journal(RaftServer server, RaftGroupId groupId, JournalOptions options, FolderLock lock)
      throws IOException {
    this.server = server;
    this.groupId = groupId;
    this.lock = lock;
    RaftServer.Division division = server.getDivision(groupId);
    this.group = new GroupReader(division, options.patience());
    this.handover =
        new Handover(division, options.hosts(), properties(options), parameters(options));
  }

  /**
   * Opens or makes the journal and takes part in its group.
   *
   * @throws IOException when the folder cannot be used, the port is taken or what is in the folder
   *     cannot be read; the message says which
   */
  static Journal start(JournalOptions options, JournalListener listener) throws IOException {
    FolderLock lock = FolderLock.of(options.directory());
    try {
      RaftGroupId groupId =
          RaftGroupId.valueOf(
              UUID.nameUUIDFromBytes("aliecs-relay".getBytes(StandardCharsets.UTF_8)));
      JournalInspection.inspect(options.directory().resolve(groupId.getUuid().toString()));
      return new Journal(server(options, groupId, listener), groupId, options, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static RaftServer server(
      JournalOptions options, RaftGroupId groupId, JournalListener listener) throws IOException {
    RaftPeerId self = RaftPeerId.valueOf(options.hostId());
    List<RaftPeer> peers = options.hosts().stream().map(Handover::peer).toList();
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(self)
            .setGroup(RaftGroup.valueOf(groupId, peers))
            .setStateMachine(new JournalStateMachine(listener))
            .setProperties(properties(options))
            .setParameters(parameters(options))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    try {
      server.start();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw new IOException(
          options.directory() + ": the journal cannot be opened: " + rootMessage(e), e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return root.toString();
  }

  private static RaftProperties properties(JournalOptions options) {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(properties, List.of(options.directory().toFile()));
    GrpcConfigKeys.Server.setHost(properties, options.self().host());
    GrpcConfigKeys.Server.setPort(properties, options.self().port());
    TimeDuration min = millis(options.electionTimeoutMin());
    TimeDuration max = millis(options.electionTimeoutMax());
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, min);
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, max);
    // Ratis would close itself for ever after a pause of a minute; one that is paused and goes on
    // is told by the others, or by nobody when it is alone.
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
    // Both are off by default, and then the disk fills.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, options.snapshotEvery());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    // The defaults hold some 100 MB of buffers.
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("16MB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf("4MB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("4128KB"));
    return properties;
  }

  /** Who else is let in: whoever has a certificate of the same authority. */
  private static Parameters parameters(JournalOptions options) {
    Parameters parameters = new Parameters();
    options
        .tls()
        .ifPresent(
            tls ->
                GrpcConfigKeys.TLS.setConf(
                    parameters, new GrpcTlsConfig(tls.keyManager(), tls.trustManager(), true)));
    return parameters;
  }

  private static TimeDuration millis(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Appends commands as one entry. Completes when the entry is on the disks of a majority and
   * applied here; fails when it is not, or when that is not known.
   */
  CompletableFuture<BatchReply> append(Batch batch) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(server.getId())
            .setGroupId(groupId)
            .setCallId(calls.incrementAndGet())
            .setMessage(Message.valueOf(ByteString.copyFrom(batch.toByteArray())))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      return server
          .submitClientRequestAsync(request)
          .orTimeout(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .thenApply(reply -> read(reply, batch.getCommandCount()));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static BatchReply read(RaftClientReply reply, int expected) {
    if (!reply.isSuccess()) {
      throw new CompletionException(reply.getException());
    }
    try {
      BatchReply batch =
          BatchReply.parseFrom(reply.getMessage().getContent().asReadOnlyByteBuffer());
      if (batch.getReplyCount() != expected) {
        throw new CompletionException(
            new IOException(
                batch.getReplyCount() + " replies (expected: " + expected + "); see the log"));
      }
      return batch;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new CompletionException(e);
    }
  }

  /** How the group is, as this host sees it. */
  ClusterStatus status() {
    return group.read();
  }

  /** A way to have another host lead. */
  Handover handover() {
    return handover;
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } finally {
      lock.close();
    }
  }
}
