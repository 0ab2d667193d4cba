package io.aliecs.relay.journal;

import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.journal.disk.JoinMarker;
import io.aliecs.relay.journal.group.LeaderClient;
import io.aliecs.relay.journal.group.RaftAdmin;
import io.aliecs.relay.journal.group.RaftStatus;
import io.aliecs.relay.journal.peers.PeerGuard;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.settings.ClusterHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The replicated journal on disk: batches of commands go in, and are safe when their reply comes
 * out. Thread safe; {@link #start} and {@link #close} block.
 */
public final class Journal implements AutoCloseable {
  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);

  private final JournalServer server;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final ExecutorService submitter = Executors.newSingleThreadExecutor(Journal::thread);
  private final JournalOptions options;
  private final JournalListener listener;
  private final RaftAdmin admin;
  private final LeaderClient leader;

  /** Null while this host belongs to no group. */
  private volatile @Nullable RaftStatus group;

  private Journal(JournalServer server, JournalOptions options, JournalListener listener)
      throws IOException {
    this.server = server;
    this.options = options;
    this.listener = listener;
    RaftProperties properties = RaftSettings.properties(options);
    Parameters parameters = RaftSettings.parameters(options, guard().hosts());
    this.admin = new RaftAdmin(JournalServer.GROUP_ID, properties, parameters);
    this.leader = new LeaderClient(JournalServer.GROUP_ID, properties, parameters);
    if (server.raft().getGroupIds().iterator().hasNext()) {
      readGroup();
    }
    guard().hosts().open(this::hosts);
  }

  /**
   * Opens the journal. A host that has one, or is to be alone, takes part in its group at once; one
   * with an empty disk only answers the others until it is to {@link #form} a group or to {@link
   * #follow} one: it may have forgotten what it had promised.
   *
   * @param machine makes the state machine, {@link JournalStateMachine} but for tests
   * @throws IOException when the folder cannot be used, the port is taken or what is in the folder
   *     cannot be read; the message says which
   */
  static Journal start(
      JournalOptions options,
      JournalListener listener,
      Function<JournalListener, JournalStateMachine> machine)
      throws IOException {
    JournalServer server = JournalServer.open(options, group -> machine.apply(listener));
    try {
      return new Journal(server, options, listener);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "journal-submit");
    thread.setDaemon(true);
    return thread;
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
            .setServerId(server.raft().getId())
            .setGroupId(JournalServer.GROUP_ID)
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
      return server.raft().submitClientRequestAsync(request);
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
    RaftStatus joined = group;
    return joined == null ? RaftStatus.outside(options.hostId()) : joined.read();
  }

  private List<ClusterHost> hosts() {
    RaftStatus joined = group;
    return joined == null ? List.of() : joined.hosts();
  }

  /** Decides which requests of other hosts are let in. */
  public PeerGuard guard() {
    return server.guard();
  }

  /** Whether this host belongs to a group, be it without a vote. */
  public boolean hasGroup() {
    return group != null;
  }

  /** Whether this host was taken out of its group while it ran: the journal takes nothing more. */
  public boolean isOver() {
    RaftStatus joined = group;
    return joined != null && joined.isOver();
  }

  /**
   * Takes part in the group of all hosts in the settings, with a vote, when there is none yet.
   *
   * @throws IOException when the folder cannot be written
   */
  public void form() throws IOException {
    join(RaftGroup.valueOf(JournalServer.GROUP_ID, JournalServer.peers(options)));
  }

  /**
   * Takes what the leader of a group sends, without a vote until it is whole.
   *
   * @throws IOException when the folder cannot be written
   */
  public void follow() throws IOException {
    join(RaftGroup.valueOf(JournalServer.GROUP_ID));
  }

  private void join(RaftGroup joined) throws IOException {
    RaftClientReply reply =
        server
            .raft()
            .groupManagement(
                GroupManagementRequest.newAdd(
                    clientId, server.raft().getId(), calls.incrementAndGet(), joined, false));
    if (!reply.isSuccess()) {
      throw new IOException(String.valueOf(reply.getException()), reply.getException());
    }
    readGroup();
  }

  private void readGroup() throws IOException {
    group = new RaftStatus(server.raft().getDivision(JournalServer.GROUP_ID), options.patience());
  }

  /** Set while this host has no vote. */
  public JoinMarker mark() {
    return server.mark();
  }

  /** Asks the other hosts about the group, and the leader to change it. */
  public RaftAdmin admin() {
    return admin;
  }

  @Override
  public void close() throws IOException {
    submitter.shutdown();
    try (leader) {
      server.close();
    }
  }
}
