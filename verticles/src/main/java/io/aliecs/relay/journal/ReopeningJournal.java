package io.aliecs.relay.journal;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal that is opened anew after it could not be written, until it can be: a disk that was
 * full needs no restart of the relay. What was being written when that happened was not
 * acknowledged. Lives on one context; its listener is called on the journal's threads.
 */
public final class ReopeningJournal {
  private static final Logger LOG = LoggerFactory.getLogger(ReopeningJournal.class);
  private static final String NEXT =
      "nothing is taken here until it can, and it is tried again all the time";
  private static final long REOPEN_MS = 2_000;

  /** A journal whose files failed while it elected a leader would never try again. */
  private static final long LEADERLESS_MS = 15_000;

  private final Vertx vertx;
  private final Context context;
  private final JournalOptions options;
  private final JournalListener listener;

  private volatile @Nullable Journal journal;
  private volatile @Nullable Incarnation incarnation;
  private String reason = "the journal is not open yet";
  private boolean closing;

  /** Work on a worker thread that must be over before the next. */
  private Future<Void> work = Future.succeededFuture();

  public ReopeningJournal(
      Vertx vertx, Context context, JournalOptions options, JournalListener listener) {
    this.vertx = vertx;
    this.context = context;
    this.options = options;
    this.listener = listener;
  }

  /** Opens it for the first time; fails with the reason when that cannot be done. */
  public Future<Void> open() {
    Incarnation before = incarnation;
    Incarnation opened = new Incarnation(before == null ? -1 : before.applied, before != null);
    incarnation = opened;
    Future<Void> opening =
        vertx
            .executeBlocking(() -> Journal.start(options, opened, JournalStateMachine::new), false)
            .onSuccess(
                started -> {
                  journal = started;
                  opened.open = true;
                  if (opened.failure != null) {
                    unwritable(opened, opened.failure);
                  }
                })
            .mapEmpty();
    work = opening.otherwiseEmpty();
    return opening;
  }

  /** Appends commands, see {@link Journal#append}; fails while the journal cannot be written. */
  public CompletableFuture<BatchReply> append(Batch batch) {
    Journal open = journal;
    return open == null
        ? CompletableFuture.failedFuture(new IOException(reason))
        : open.append(batch);
  }

  /** Has the leader append commands, see {@link Journal#forward}. */
  public CompletableFuture<BatchReply> forward(Batch batch) {
    Journal open = journal;
    return open == null
        ? CompletableFuture.failedFuture(new IOException(reason))
        : open.forward(batch);
  }

  /** The journal while it is open; from any thread. */
  public @Nullable Journal current() {
    return journal;
  }

  /** Closes it for good. */
  public Future<Void> close() {
    closing = true;
    return work.eventually(this::closeJournal);
  }

  private Future<Void> closeJournal() {
    Journal open = journal;
    journal = null;
    if (open == null) {
      return Future.succeededFuture();
    }
    return vertx.executeBlocking(
        () -> {
          open.close();
          return null;
        },
        false);
  }

  private void unwritable(Incarnation failed, String why) {
    if (!failed.open) {
      failed.failure = why; // until it is open
      return;
    }
    if (failed != incarnation || closing || journal == null) {
      return;
    }
    reason = why;
    listener.broken(why);
    work =
        closeJournal()
            .recover(
                failure -> {
                  LOG.warn("the journal did not close in order; it is opened again", failure);
                  return Future.succeededFuture();
                });
    work.onComplete(done -> reopenLater());
  }

  private void reopenLater() {
    vertx.setTimer(
        REOPEN_MS,
        timer -> {
          if (!closing) {
            reopen();
          }
        });
  }

  private void reopen() {
    open()
        .onSuccess(
            done -> {
              LOG.info("the journal is open again");
              Incarnation opened = incarnation;
              vertx.setTimer(LEADERLESS_MS, timer -> requireLeader(opened));
            })
        .onFailure(
            failure -> {
              if (!reason.equals(failure.getMessage())) {
                reason = String.valueOf(failure.getMessage());
                LOG.error("the journal cannot be opened again: {}; {}", reason, NEXT);
                listener.broken(reason);
              }
              reopenLater();
            });
  }

  private void requireLeader(@Nullable Incarnation opened) {
    if (opened != null && opened.leaderless) {
      unwritable(opened, "no leader since the journal was opened again (expected: in seconds)");
    }
  }

  /**
   * Passes on what one opening of the journal reports: nothing that was reported before, and
   * nothing once the journal was opened again.
   */
  private final class Incarnation implements JournalListener {
    private final boolean reopened;
    private volatile long applied;
    private volatile boolean broken;
    private volatile boolean leaderless = true;

    /** On the context only, as the next. */
    private boolean open;

    private @Nullable String failure;

    Incarnation(long applied, boolean reopened) {
      this.applied = applied;
      this.reopened = reopened;
    }

    private boolean isOver() {
      return incarnation != this;
    }

    @Override
    public void applied(long index, RelayState state, Set<String> environmentIds) {
      if (index > applied && !isOver()) {
        applied = index;
        listener.applied(index, state, environmentIds);
      }
    }

    @Override
    public void skipped(long index, String why) {
      if (index > applied && !isOver()) {
        applied = index;
        listener.skipped(index, why);
      }
    }

    @Override
    public void leadership(Leadership leadership) {
      if (isOver()) {
        return;
      }
      leaderless &= leadership.leaderId().isEmpty();
      if (reopened && !leadership.leaderId().isEmpty() && !broken) {
        listener.recovered(); // first, or what leaders do at once would be refused
      }
      listener.leadership(leadership);
    }

    @Override
    public void broken(String why) {
      broken = true;
      if (!isOver()) {
        listener.broken(why);
      }
    }

    @Override
    public void unwritable(String why) {
      context.runOnContext(ignored -> ReopeningJournal.this.unwritable(this, why));
    }
  }
}
