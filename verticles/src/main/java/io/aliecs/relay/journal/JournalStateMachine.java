package io.aliecs.relay.journal;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.journal.codec.EntryReader;
import io.aliecs.relay.journal.codec.StateRecords;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.proto.journal.CommandReply;
import io.aliecs.relay.proto.journal.StateRecord;
import io.aliecs.relay.text.Printable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies journal entries to the state, and reads snapshots of it.
 *
 * <p>Never throws while applying: Ratis would close the group, and again after each restart. What
 * cannot be applied is refused before it is written; one that is there all the same is skipped, as
 * every other host does. Only an entry of a newer version, which newer hosts do apply, stops this
 * host from applying any further one.
 */
class JournalStateMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(JournalStateMachine.class);

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final Snapshots snapshots = new Snapshots(storage);
  private final JournalListener listener;
  private volatile Position position = new Position(TermIndex.INITIAL_VALUE, RelayState.EMPTY);
  private volatile boolean broken;

  /** The state together with the entry it is the result of. */
  private record Position(TermIndex at, RelayState state) {}

  JournalStateMachine(JournalListener listener) {
    this.listener = listener;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(
            () -> {
              super.initialize(server, groupId, raftStorage);
              storage.init(raftStorage);
              snapshots.open();
              load();
            });
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    load();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  private void load() throws IOException {
    SingleFileSnapshotInfo snapshot = storage.loadLatestSnapshot();
    if (snapshot == null) {
      return;
    }
    Path file = snapshot.getFile().getPath();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      RelayState state = StateRecords.read(StateRecord.parseFrom(in));
      TermIndex at = snapshot.getTermIndex();
      // What the leader's snapshot does not hold any more has changed on this host, too.
      Set<String> changed = new HashSet<>(position.state().environments().keySet());
      changed.addAll(state.environments().keySet());
      position = new Position(at, state);
      setLastAppliedTermIndex(at);
      listener.applied(at.getIndex(), state, changed);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public long takeSnapshot() throws IOException {
    Position taken = position;
    return snapshots.take(taken.at(), taken.state());
  }

  @Override
  public void close() throws IOException {
    Position last = position;
    snapshots.close(last.at(), last.state());
    super.close();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    TransactionContext transaction =
        TransactionContext.newBuilder().setStateMachine(this).setClientRequest(request).build();
    try {
      ByteString entry = request.getMessage().getContent();
      transaction.setStateMachineContext(EntryReader.read(entry.asReadOnlyByteBuffer()));
      if (broken) {
        throw new IllegalArgumentException("this host applies nothing more; its log says why");
      }
    } catch (EntryReader.NewerEntryException | RuntimeException e) {
      String reason = Printable.text(String.valueOf(e.getMessage()));
      LOG.warn("a journal entry is refused, and is not in the journal: {}", reason);
      transaction.setException(new IOException("journal entry: " + reason));
    }
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    TermIndex at = TermIndex.valueOf(entry);
    BatchReply reply = broken ? BatchReply.getDefaultInstance() : apply(at, transaction);
    updateLastAppliedTermIndex(at);
    return CompletableFuture.completedFuture(
        Message.valueOf(ByteString.copyFrom(reply.toByteArray())));
  }

  private BatchReply apply(TermIndex at, TransactionContext transaction) {
    BatchReply.Builder reply = BatchReply.newBuilder();
    Set<String> changed = new HashSet<>();
    try {
      RelayState state = position.state();
      EntryReader.Entry entry = entry(transaction);
      for (Command command : entry.commands()) {
        RelayState.Applied applied = state.apply(command, entry.rules());
        state = applied.state();
        changed.addAll(applied.environmentIds());
        reply.addReply(
            CommandReply.newBuilder()
                .setVerdict(applied.verdict().name())
                .setReason(applied.reason()));
      }
      position = new Position(at, state);
    } catch (EntryReader.NewerEntryException e) {
      return stop(at, e);
    } catch (RuntimeException e) {
      return skip(at, e);
    }
    listener.applied(at.getIndex(), position.state(), changed);
    return reply.build();
  }

  /** As the leader has read it before it was written; a follower, or a restarted host, reads it. */
  private static EntryReader.Entry entry(TransactionContext transaction)
      throws EntryReader.NewerEntryException {
    if (transaction.getStateMachineContext() instanceof EntryReader.Entry read) {
      return read;
    }
    ByteString data = transaction.getLogEntry().getStateMachineLogEntry().getLogData();
    return EntryReader.read(data.asReadOnlyByteBuffer());
  }

  private BatchReply stop(TermIndex at, EntryReader.NewerEntryException newer) {
    broken = true;
    String reason = "journal entry " + at + " cannot be applied: " + newer.getMessage();
    LOG.error("{}; nothing more is applied on this host until it runs that version", reason);
    listener.broken(reason);
    return BatchReply.getDefaultInstance();
  }

  private BatchReply skip(TermIndex at, RuntimeException why) {
    String reason = Printable.text(String.valueOf(why.getMessage()));
    LOG.error(
        "journal entry {} is skipped on every host: {}; see \"Entries that are skipped\" in"
            + " docs/operating.md",
        at,
        reason);
    LOG.debug("journal entry {}", at, why);
    position = new Position(at, position.state());
    listener.skipped(at.getIndex(), reason);
    return BatchReply.getDefaultInstance();
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    // Entries of Ratis itself change nothing of ours but move the place of the next snapshot.
    super.notifyTermIndexUpdated(term, index);
    if (broken) {
      return; // a snapshot must not stand behind an entry that was not applied
    }
    position = new Position(TermIndex.valueOf(term, index), position.state());
  }

  @Override
  public void notifyLeaderReady() {
    RaftPeerId self = getId();
    listener.leadership(new Leadership(true, term(), self.toString()));
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!leader.equals(member.getPeerId())) {
      listener.leadership(new Leadership(false, term(), leader.toString()));
    }
  }

  @Override
  public void notifyNotLeader(java.util.Collection<TransactionContext> pending) {
    listener.leadership(new Leadership(false, term(), ""));
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    String reason =
        "the journal cannot be written: "
            + cause.getMessage()
            + "; nothing is taken here until it can, and it is tried again all the time (expected:"
            + " room and a sound disk; no restart)";
    LOG.error(reason, cause);
    listener.unwritable(reason);
  }

  private long term() {
    RaftServer server = getServer().getNow(null);
    try {
      return server == null ? 0 : server.getDivision(getGroupId()).getInfo().getCurrentTerm();
    } catch (IOException e) {
      LOG.warn("the term of the journal is not known: {}", e.toString());
      return position.at().getTerm();
    }
  }
}
