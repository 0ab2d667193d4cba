package io.aliecs.relay.journal;

import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.journal.disk.FolderLock;
import io.aliecs.relay.journal.disk.JoinMarker;
import io.aliecs.relay.journal.disk.JournalInspection;
import io.aliecs.relay.journal.group.LeaderClient;
import io.aliecs.relay.journal.group.LeaderLoss;
import io.aliecs.relay.journal.group.OwnAddress;
import io.aliecs.relay.journal.group.RaftAdmin;
import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.journal.group.RaftStatus;
import io.aliecs.relay.journal.peers.KnownHosts;
import io.aliecs.relay.journal.peers.PeerGuard;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.text.Causes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The replicated journal on disk: batches of commands go in, and are safe when their reply comes
 * out. Thread safe; {@link #start} and {@link #close} block.
 */
public final class Journal implements AutoCloseable {
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

  private final RaftServer server;
  private final RaftGroupId groupId;
  private final FolderLock lock;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final ExecutorService submitter = Executors.newSingleThreadExecutor(Journal::thread);
  private final JournalOptions options;
  private final JournalListener listener;
  private final JoinMarker mark;
  private final RaftAdmin client;
  private final LeaderClient leader;
  private final PeerGuard guard;
  private final LeaderLoss loss;

  /** Null while this host belongs to no group. */
  private volatile @Nullable RaftStatus group;

  private Journal(
      RaftServer server,
      RaftGroupId groupId,
      JournalOptions options,
      JournalListener listener,
      JoinMarker mark,
      FolderLock lock,
      PeerGuard guard,
      LeaderLoss loss)
      throws IOException {
    this.server = server;
    this.groupId = groupId;
    this.options = options;
    this.listener = listener;
    this.mark = mark;
    this.lock = lock;
    this.guard = guard;
    this.loss = loss;
    Parameters parameters = RaftSettings.parameters(options, guard.hosts());
    this.client = new RaftAdmin(groupId, RaftSettings.properties(options), parameters);
    this.leader = new LeaderClient(groupId, RaftSettings.properties(options), parameters);
    if (server.getGroupIds().iterator().hasNext()) {
      readGroup();
    }
    guard.hosts().open(this::hosts);
  }

  /**
   * Opens the journal. A host that has one, or is to be alone, takes part in its group at once; one
   * with an empty disk only answers the others until it is told to {@link #form} a group or to
   * {@link #follow} one: it may have forgotten what it had promised.
   *
   * @throws IOException when the folder cannot be used, the port is taken or what is in the folder
   *     cannot be read; the message says which
   */
  static Journal start(JournalOptions options, JournalListener listener) throws IOException {
    return start(options, listener, JournalStateMachine::new);
  }

  /**
   * The same with another state machine, for tests.
   *
   * @throws IOException likewise
   */
  static Journal start(
      JournalOptions options,
      JournalListener listener,
      Function<JournalListener, JournalStateMachine> machine)
      throws IOException {
    FolderLock lock = FolderLock.of(options.directory());
    try {
      if (!options.alone()) {
        OwnAddress.requireUsable(options.self());
      }
      RaftGroupId groupId =
          RaftGroupId.valueOf(
              UUID.nameUUIDFromBytes("aliecs-relay".getBytes(StandardCharsets.UTF_8)));
      Path folder = options.directory().resolve(groupId.getUuid().toString());
      JournalInspection.inspect(folder);
      JoinMarker mark = new JoinMarker(options.directory());
      PeerGuard guard = new PeerGuard(new KnownHosts(options.hosts()), options.tls().isPresent());
      LeaderLoss loss = new LeaderLoss();
      RaftServer server =
          server(
              options,
              () -> machine.apply(listener),
              group(options, folder, mark, groupId),
              guard,
              loss);
      requireOwn(server, groupId, options);
      loss.begin(server);
      return new Journal(server, groupId, options, listener, mark, lock, guard, loss);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Whom to reckon with until the journal itself says who belongs to it; null for nobody yet. */
  private static @Nullable RaftGroup group(
      JournalOptions options, Path folder, JoinMarker mark, RaftGroupId groupId) {
    boolean kept = Files.exists(folder.resolve("current").resolve("raft-meta"));
    if (kept && mark.isSet()) {
      return RaftGroup.valueOf(groupId);
    }
    boolean alone = options.hosts().size() == 1;
    return kept || alone ? RaftGroup.valueOf(groupId, peers(options)) : null;
  }

  /** Nobody would ever lead: a host that is alone in the settings waits for nobody else either. */
  private static void requireOwn(RaftServer server, RaftGroupId groupId, JournalOptions options)
      throws IOException {
    if (options.hosts().size() > 1 || !server.getGroupIds().iterator().hasNext()) {
      return;
    }
    List<String> ids =
        server.getDivision(groupId).getRaftConf().getAllPeers().stream()
            .map(peer -> peer.getId().toString())
            .toList();
    if (!ids.isEmpty() && !ids.contains(options.hostId())) {
      server.close();
      throw new IOException(
          "host.id: "
              + options.hostId()
              + " (expected: "
              + String.join(" or ", ids)
              + ", whose journal is in "
              + options.directory()
              + "; or another data.dir)");
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "journal-submit");
    thread.setDaemon(true);
    return thread;
  }

  private static List<RaftPeer> peers(JournalOptions options) {
    return options.hosts().stream().map(RaftGroupInfo::peer).toList();
  }

  private static RaftServer server(
      JournalOptions options,
      Supplier<JournalStateMachine> machine,
      @Nullable RaftGroup group,
      PeerGuard guard,
      LeaderLoss loss)
      throws IOException {
    Parameters parameters = RaftSettings.parameters(options, guard.hosts());
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters, (builder, services) -> guard.customize(builder.intercept(loss), services));
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(options.hostId()))
            .setGroup(group)
            .setStateMachineRegistry(ofOurs -> machine.get())
            .setProperties(RaftSettings.properties(options))
            .setParameters(parameters)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    try {
      ManagementFactory.getPlatformMBeanServer(); // what takes longest of the start of Ratis
      server.start();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw new IOException(
          options.directory() + ": the journal cannot be opened: " + Causes.root(e), e);
    }
  }

  /**
   * Has the host that leads append commands as one entry, whichever it is. Completes when the entry
   * is on the disks of a majority and applied there; fails when it is not, or when that is not
   * known. For one batch at a time.
   */
  CompletableFuture<BatchReply> forward(Batch batch) {
    Message entry = Message.valueOf(ByteString.copyFrom(batch.toByteArray()));
    return CompletableFuture.completedFuture(entry)
        .thenComposeAsync(ready -> leader.send(status(), ready), submitter)
        .thenApply(reply -> read(reply, batch.getCommandCount()));
  }

  /**
   * Appends commands as one entry, if this host leads. Completes when the entry is on the disks of
   * a majority and applied here; fails when it is not, or when that is not known.
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
    return CompletableFuture.completedFuture(request)
        .thenComposeAsync(this::submit, submitter)
        .orTimeout(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((reply, failure) -> requireProgress(failure))
        .thenApply(reply -> read(reply, batch.getCommandCount()));
  }

  /** Blocks until Ratis has it in its log, and for as long as it is about to change its term. */
  private CompletableFuture<RaftClientReply> submit(RaftClientRequest request) {
    try {
      return server.submitClientRequestAsync(request);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A host that is alone waits for nobody: one that commits nothing for so long never will. */
  private void requireProgress(@Nullable Throwable failure) {
    if (failure instanceof TimeoutException && status().members().size() == 1) {
      listener.unwritable(
          "nothing was committed for " + REPLY_TIMEOUT.toSeconds() + " s (expected: at once)");
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
  public ClusterStatus status() {
    RaftStatus reader = group;
    return reader == null ? RaftStatus.outside(options.hostId()) : reader.read();
  }

  private List<ClusterHost> hosts() {
    RaftStatus reader = group;
    return reader == null ? List.of() : reader.hosts();
  }

  /** Who is let in by others, and how often that was refused. */
  public PeerGuard guard() {
    return guard;
  }

  /** Whether this host belongs to a group, be it without a vote. */
  public boolean hasGroup() {
    return group != null;
  }

  /** Whether this host was taken out of its group while it ran: the journal takes nothing more. */
  public boolean isOver() {
    RaftStatus reader = group;
    return reader != null && reader.isOver();
  }

  /**
   * Takes part in the group of all hosts in the settings, with a vote, when there is none yet.
   *
   * @throws IOException when the folder cannot be written
   */
  public void form() throws IOException {
    join(RaftGroup.valueOf(groupId, peers(options)));
  }

  /**
   * Takes what the leader of a group sends, without a vote until it is whole.
   *
   * @throws IOException when the folder cannot be written
   */
  public void follow() throws IOException {
    join(RaftGroup.valueOf(groupId));
  }

  private void join(RaftGroup joined) throws IOException {
    RaftClientReply reply =
        server.groupManagement(
            GroupManagementRequest.newAdd(
                clientId, server.getId(), calls.incrementAndGet(), joined, false));
    if (!reply.isSuccess()) {
      throw new IOException(String.valueOf(reply.getException()), reply.getException());
    }
    readGroup();
  }

  private void readGroup() throws IOException {
    group = new RaftStatus(server.getDivision(groupId), options.patience());
  }

  /** Whether this host has no vote yet. */
  public JoinMarker mark() {
    return mark;
  }

  /** Asks the others. */
  public RaftAdmin client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    submitter.shutdown();
    try (leader;
        loss) {
      server.close();
    } finally {
      lock.close();
    }
  }
}
