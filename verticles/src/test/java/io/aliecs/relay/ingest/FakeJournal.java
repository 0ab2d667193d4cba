package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A journal in memory that can be told to fail. Thread safe. */
final class FakeJournal {
  /** What becomes of a batch. */
  enum Fate {
    TAKE,
    FAIL,
    /** Taken, but the sender is told that it is not known. */
    TAKE_AND_FAIL,
    /** Will never be taken. */
    REFUSE
  }

  private final Vertx vertx;
  private RelayState state = RelayState.EMPTY;
  private long index;
  private volatile Leadership leadership = new Leadership(false, 0, "");
  private Predicate<EventBatch> failing = batch -> false;
  private Fate fate = Fate.FAIL;
  private final List<Command> commands = new ArrayList<>();
  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<SourcePosition> applied = new ArrayList<>();

  FakeJournal(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
    vertx.eventBus().<Object>localConsumer(BusAddresses.JOURNAL_APPEND, this::append);
    vertx
        .eventBus()
        .<Object>localConsumer(
            BusAddresses.HOST_STATE,
            m -> m.reply(new HostState(changed(), leadership), LocalRecords.LOCAL));
  }

  /** Every batch that matches meets this fate from now on. */
  synchronized void failing(Predicate<EventBatch> which, Fate with) {
    failing = which;
    fate = with;
  }

  void lead(boolean leading) {
    leadership = new Leadership(leading, 1, "test");
    vertx.eventBus().publish(BusAddresses.LEADERSHIP_CHANGED, leadership, LocalRecords.LOCAL);
  }

  synchronized RelayState state() {
    return state;
  }

  synchronized List<Command> commands() {
    return List.copyOf(commands);
  }

  synchronized List<Verdict> verdicts() {
    return List.copyOf(verdicts);
  }

  /** The records that were applied, in that order, those that were duplicates not. */
  synchronized List<SourcePosition> applied() {
    return List.copyOf(applied);
  }

  synchronized void apply(Command command) {
    commands.add(command);
    RelayState.Applied done = state.apply(command);
    state = done.state();
    index++;
    if (command instanceof EnvironmentEvent event) {
      verdicts.add(done.verdict());
      if (done.verdict() != Verdict.DUPLICATE && event.source() != null) {
        applied.add(event.source());
      }
    }
    vertx.eventBus().publish(BusAddresses.ENVIRONMENT_CHANGED, changed(), LocalRecords.LOCAL);
  }

  private synchronized void append(Message<Object> message) {
    if (!(message.body() instanceof EventBatch batch)) {
      apply((Command) message.body());
      message.reply(new TransitionReply(Verdict.APPLIED, ""), LocalRecords.LOCAL);
      return;
    }
    Fate meets = failing.test(batch) ? fate : Fate.TAKE;
    if (meets == Fate.FAIL || meets == Fate.REFUSE) {
      FailureCode code = meets == Fate.FAIL ? FailureCode.NOT_READY : FailureCode.REFUSED;
      message.fail(code.code(), "as told");
      return;
    }
    List<TransitionReply> replies = new ArrayList<>();
    for (EnvironmentEvent event : batch.events()) {
      apply(event);
      replies.add(new TransitionReply(verdicts.get(verdicts.size() - 1), ""));
    }
    if (meets == Fate.TAKE) {
      message.reply(new EventBatchReply(replies), LocalRecords.LOCAL);
    } else {
      message.fail(FailureCode.NOT_READY.code(), "as told");
    }
  }

  private synchronized StateChanged changed() {
    return new StateChanged(index, state, Set.of(), 1);
  }
}
