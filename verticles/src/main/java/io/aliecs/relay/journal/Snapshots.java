package io.aliecs.relay.journal;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.journal.codec.StateRecords;
import io.aliecs.relay.proto.journal.StateRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots of the state on a thread of their own: on the one that applies entries, which is
 * where Ratis asks for them, nobody would be answered meanwhile. One at a time; the state is
 * immutable, and goes on while an older one is written. Only when a snapshot is whole does it get
 * its name, on the thread that Ratis asks on, which also removes old ones.
 *
 * <p>For that one thread.
 */
final class Snapshots {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final String SUFFIX = ".draft";

  private final SimpleStateMachineStorage storage;
  private final ExecutorService writer = Executors.newSingleThreadExecutor(Snapshots::thread);
  private @Nullable Draft draft;

  /** A snapshot under a name that nobody looks for; on the disk, whole, once its sum is known. */
  private record Draft(Path path, TermIndex at, CompletableFuture<MD5Hash> md5) {}

  Snapshots(SimpleStateMachineStorage storage) {
    this.storage = storage;
  }

  /** Opens the folder of the storage, and deletes what a kill has left half written. */
  void open() throws IOException {
    Path folder = Objects.requireNonNull(file(TermIndex.valueOf(0, 0)).getParent());
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
        for (Path left : drafts) {
          Files.delete(left);
        }
      }
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "journal-snapshot");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins to write this state, or names the one that has been written. Ratis asks again behind
   * each entry until one that is new enough is returned.
   *
   * @param at the last entry that the state is the result of
   * @return index of the last entry in the snapshot that has become whole, below which the log may
   *     go; -1 for none as yet
   * @throws IOException when it could not be written; the next call begins anew
   */
  long take(TermIndex at, RelayState state) throws IOException {
    if (draft == null && at.getIndex() >= 0) {
      draft = begin(at, state);
    }
    return draft != null && draft.md5().isDone() ? finish(draft) : RaftLog.INVALID_LOG_INDEX;
  }

  private Draft begin(TermIndex at, RelayState state) {
    Path path = file(at).resolveSibling(file(at).getFileName() + SUFFIX);
    return new Draft(
        path,
        at,
        CompletableFuture.supplyAsync(() -> write(path, StateRecords.write(state)), writer));
  }

  private Path file(TermIndex at) {
    return storage.getSnapshotFile(at.getTerm(), at.getIndex()).toPath();
  }

  private long finish(Draft done) throws IOException {
    draft = null;
    try {
      MD5Hash md5 = done.md5().join();
      return isNews(done.at()) ? name(done, md5) : RaftLog.INVALID_LOG_INDEX;
    } catch (CompletionException e) {
      throw new IOException("a snapshot cannot be written: " + e.getCause(), e.getCause());
    } finally {
      Files.deleteIfExists(done.path());
    }
  }

  /** Not when the leader has sent a newer one meanwhile. */
  private boolean isNews(TermIndex at) {
    SnapshotInfo newest = storage.getLatestSnapshot();
    return newest == null ? at.getIndex() >= 0 : at.getIndex() > newest.getIndex();
  }

  private long name(Draft whole, MD5Hash md5) throws IOException {
    Path file = file(whole.at());
    Files.move(
        whole.path(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    MD5FileUtil.saveMD5File(file.toFile(), md5);
    storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, md5), whole.at()));
    return whole.at().getIndex();
  }

  /** On the disk before the log behind it goes. */
  private static MD5Hash write(Path path, StateRecord state) {
    try (FileChannel channel =
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      state.writeTo(out);
      out.flush();
      channel.force(true);
      return MD5FileUtil.computeMd5ForFile(path.toFile());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** Writes the last state unless it is written, so that nothing has to be replayed. Blocks. */
  void close(TermIndex at, RelayState state) {
    if (draft != null) {
      finishOrWarn(draft);
    }
    if (isNews(at)) {
      finishOrWarn(begin(at, state));
    }
    writer.shutdown();
  }

  private void finishOrWarn(Draft last) {
    try {
      finish(last);
    } catch (IOException e) {
      LOG.warn("{}; the log has all of it", e.getMessage());
    }
  }
}
