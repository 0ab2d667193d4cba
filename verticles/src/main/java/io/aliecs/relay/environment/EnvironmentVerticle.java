package io.aliecs.relay.environment;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.bus.EventMessages;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.Command;
import io.aliecs.relay.domain.EnvironmentEvent;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.Verdict;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.aliecs.relay.settings.HistoryOptions;
import io.aliecs.relay.settings.JournalOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks every environment: takes events from the bus, has the journal make them safe, and tells
 * the bus of this host what changed, in journal order.
 *
 * <p>Takes {@link BusAddresses#ENVIRONMENT_TRANSITION} on every host and hands it to the one that
 * leads, in the order it came. Takes {@link BusAddresses#JOURNAL_APPEND} only while this host
 * leads.
 */
public final class EnvironmentVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentVerticle.class);

  private static final long NAME_AGAIN_MS = 500;

  private final JournalOptions options;
  private final HistoryOptions history;
  private final MeterRegistry meters;
  private final Clock clock;

  /** What was applied and not told yet; entries that come faster than they are told are merged. */
  private final AtomicReference<@Nullable StateChanged> untold = new AtomicReference<>();

  /** Whether all that was safe when this host started is applied; before, nothing is told. */
  private boolean replayed;

  private StateChanged newest = new StateChanged(-1, RelayState.EMPTY, Set.of(), 0);
  private Leadership leadership = new Leadership(false, 0, "");
  private final Backlog backlog;
  private ComponentStatus status;
  private @Nullable String brokenBecause;

  /** The last entry of the journal that was skipped, for people; empty for none. */
  private String skipped = "";

  private volatile @Nullable ReopeningJournal journal;

  /** What the verticles of a host that leads append. */
  private @Nullable CommandQueue queue;

  /** What senders append; one queue, whoever leads, so that nothing overtakes. */
  private @Nullable CommandQueue events;

  private @Nullable SettingsKeeper settings;
  private @Nullable ClusterWatch cluster;
  private @Nullable MessageConsumer<Object> transitions;

  /**
   * A verticle that is not started.
   *
   * @param clock gives events without a timestamp theirs
   */
  public EnvironmentVerticle(
      JournalOptions options, HistoryOptions history, MeterRegistry meters, Clock clock) {
    this.options = options;
    this.history = history;
    this.meters = meters;
    this.clock = clock;
    this.backlog = Backlog.of(options);
    this.status = new ComponentStatus(false, "waiting", "not started", clock.millis());
  }

  @Override
  public Future<?> start() {
    for (Verdict verdict : Verdict.values()) {
      counter(verdict); // to be seen at 0, before the first
    }
    EventBus bus = vertx.eventBus();
    bus.<Object>localConsumer(BusAddresses.ENVIRONMENT_STATE, this::tellState);
    bus.localConsumer(BusAddresses.JOURNAL_STATUS, m -> m.reply(status(), LocalRecords.LOCAL));
    bus.localConsumer(BusAddresses.JOURNAL_APPEND, this::append);
    bus.localConsumer(BusAddresses.JOURNAL_REQUEST, this::request);
    transitions = bus.localConsumer(BusAddresses.ENVIRONMENT_TRANSITION, this::transition);
    cluster =
        new ClusterWatch(
            vertx, options, this::openJournal, () -> leadership, this::lookedAt, this::caughtUp);
    cluster.start(meters);
    ReopeningJournal opening = new ReopeningJournal(vertx, context, options, new Listener(context));
    return opening
        .open()
        .onSuccess(
            opened -> {
              journal = opening;
              queue = new CommandQueue(context, opening::append);
              events = new CommandQueue(context, this::toLeader);
              settings = new SettingsKeeper(vertx, clock, this::isLeading, () -> newest.state());
              settings.start();
              if (isLeading()) { // since before there was anything to do as such
                beginToLead();
              }
              new HistoryKeeper(vertx, history, clock, this::isLeading, () -> newest.state())
                  .start();
              new EndKeeper(vertx, history, clock, this::isLeading, () -> newest.state()).start();
            });
  }

  @Override
  public Future<?> stop() {
    leadership = new Leadership(false, leadership.term(), "");
    ReopeningJournal open = journal;
    return open == null
        ? Future.succeededFuture()
        : stopTaking().eventually(this::stopWatching).eventually(open::close);
  }

  private Future<?> stopWatching() {
    return cluster == null ? Future.succeededFuture() : cluster.stop();
  }

  private @Nullable Journal openJournal() {
    ReopeningJournal reopening = journal;
    return reopening == null ? null : reopening.current();
  }

  private boolean isLeading() {
    return leadership.leading() && brokenBecause == null;
  }

  /** Whether events are taken, here or on the leader, and why not. */
  private ComponentStatus status() {
    Optional<String> full = backlog.refusal(newest.state());
    String leader = leadership.leaderId();
    long now = clock.millis();
    if (brokenBecause != null) {
      status = status.become(false, "broken", brokenBecause, now);
    } else if (leader.isEmpty()) {
      String why = cluster == null ? "no leader is known" : cluster.whyLeaderless();
      status = status.become(false, "waiting", why, now);
    } else if (full.isPresent()) {
      status = status.become(false, "full", full.get(), now);
    } else {
      String state = leadership.leading() ? "leading" : "following";
      String problems = cluster == null ? "" : cluster.problems();
      String other = (problems.isEmpty() ? "" : "; " + problems) + skipped;
      status = status.become(true, state, leader + " leads" + other, now);
    }
    return status;
  }

  // Events and commands

  private void transition(Message<Object> message) {
    EnvironmentEvent event;
    try {
      event = read(message.body());
    } catch (IllegalArgumentException e) {
      counter(Verdict.REFUSED).increment();
      fail(message, FailureCode.REFUSED.because(String.valueOf(e.getMessage())));
      return;
    }
    boolean asRecord = message.body() instanceof EnvironmentEvent;
    submit(List.of(event), this::send)
        .onSuccess(replies -> answer(message, replies.get(0), asRecord))
        .onFailure(failure -> fail(message, asReply(failure)));
  }

  private EnvironmentEvent read(Object body) {
    if (body instanceof EnvironmentEvent event) {
      return event;
    }
    if (body instanceof JsonObject json) {
      return EventMessages.fromJson(json, clock.millis());
    }
    if (body instanceof Buffer buffer) {
      try {
        EnvironmentEventRecord record = EnvironmentEventRecord.parseFrom(buffer.getBytes());
        if (record.hasSource()) {
          throw new IllegalArgumentException(
              "source: present (expected: absent; only the ingest reads AliECS's stream)");
        }
        return EventMessages.fromProto(record, clock.millis());
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new IllegalArgumentException(
            "body: " + e.getMessage() + " (expected: an EnvironmentEventRecord)", e);
      }
    }
    throw new IllegalArgumentException(
        "body: "
            + (body == null ? "nothing" : body.getClass().getSimpleName())
            + " (expected: an EnvironmentEvent, a JSON object or a protobuf buffer)");
  }

  private void answer(Message<Object> message, TransitionReply reply, boolean asRecord) {
    Verdict verdict = reply.verdict();
    if (!verdict.isAccepted()) {
      FailureCode code =
          verdict == Verdict.UNKNOWN_ENVIRONMENT
              ? FailureCode.UNKNOWN_ENVIRONMENT
              : FailureCode.REFUSED;
      fail(message, code.because(reply.reason()));
    } else if (asRecord) {
      message.reply(reply, LocalRecords.LOCAL);
    } else {
      message.reply(toJson(reply, message.body()));
    }
  }

  /** What was skipped is told: it may be a slip of the pen. */
  private static JsonObject toJson(TransitionReply reply, Object request) {
    List<String> skipped =
        request instanceof JsonObject json ? EventMessages.unknownFields(json) : List.of();
    JsonObject answer = reply.toJson();
    return skipped.isEmpty() ? answer : answer.put("skipped", new JsonArray(skipped));
  }

  private void request(Message<Command> message) {
    send(List.of(message.body()))
        .onSuccess(replies -> message.reply(replies.get(0), LocalRecords.LOCAL))
        .onFailure(failure -> fail(message, asReply(failure)));
  }

  private void append(Message<Object> message) {
    Object body = message.body();
    if (body instanceof EventBatch batch) {
      submit(List.copyOf(batch.events()), this::write)
          .onSuccess(replies -> message.reply(new EventBatchReply(replies), LocalRecords.LOCAL))
          .onFailure(failure -> fail(message, asReply(failure)));
    } else if (body instanceof Command command) {
      write(List.of(command))
          .onSuccess(replies -> message.reply(replies.get(0), LocalRecords.LOCAL))
          .onFailure(failure -> fail(message, asReply(failure)));
    } else {
      fail(message, FailureCode.REFUSED.because("body: not a command (expected: a Command)"));
    }
  }

  /** Events are not taken when too much is waiting for Kafka; commands always are. */
  private Future<List<TransitionReply>> submit(
      List<EnvironmentEvent> events, Function<List<Command>, Future<List<TransitionReply>>> take) {
    Optional<String> full = backlog.refusal(newest.state());
    if (full.isPresent()) {
      return Future.failedFuture(FailureCode.BACKLOG_FULL.because(full.get()));
    }
    return take.apply(List.copyOf(events))
        .onSuccess(replies -> replies.forEach(reply -> counter(reply.verdict()).increment()));
  }

  /** From a sender, to whichever host leads. */
  private Future<List<TransitionReply>> send(List<Command> commands) {
    return append(commands, events, !leadership.leaderId().isEmpty());
  }

  /** From a verticle of the host that leads, and from no other. */
  private Future<List<TransitionReply>> write(List<Command> commands) {
    return append(commands, queue, leadership.leading());
  }

  private Future<List<TransitionReply>> append(
      List<Command> commands, @Nullable CommandQueue to, boolean mayBeTaken) {
    if (brokenBecause != null) {
      return Future.failedFuture(FailureCode.NOT_READY.because(brokenBecause));
    }
    if (to == null || !mayBeTaken) {
      String leader = leadership.leaderId();
      return Future.failedFuture(
          FailureCode.NOT_LEADER.because(
              leader.isEmpty() ? "no leader is known" : leader + " leads"));
    }
    return to.append(commands);
  }

  private CompletableFuture<BatchReply> toLeader(Batch batch) {
    ReopeningJournal open = journal;
    if (open == null) {
      return CompletableFuture.failedFuture(new IOException("the journal is not open"));
    }
    return leadership.leading() ? open.append(batch) : open.forward(batch);
  }

  private void fail(Message<?> message, ReplyException failure) {
    message.fail(failure.failureCode(), String.valueOf(failure.getMessage()));
  }

  private static ReplyException asReply(Throwable failure) {
    return failure instanceof ReplyException reply
        ? reply
        : FailureCode.NOT_READY.because(failure.toString());
  }

  private Counter counter(Verdict verdict) {
    return meters.counter(
        "relay.events", "verdict", verdict.name().toLowerCase(java.util.Locale.ROOT));
  }

  // What the journal tells

  /** Brings what the journal tells on its own threads to ours. */
  private final class Listener implements JournalListener {
    private final Context context;

    private final Counter skips =
        Counter.builder("relay.journal.skipped")
            .description("Journal entries that cannot be applied and were skipped, since the start")
            .register(meters);

    Listener(Context context) {
      this.context = context;
    }

    @Override
    public void applied(long index, RelayState state, Set<String> environmentIds) {
      StateChanged change = new StateChanged(index, state, environmentIds, clock.millis());
      StateChanged before = untold.getAndAccumulate(change, EnvironmentVerticle::merge);
      if (before == null) {
        context.runOnContext(ignored -> tell());
      }
    }

    @Override
    public void skipped(long index, String reason) {
      skips.increment();
      context.runOnContext(
          ignored ->
              skipped =
                  "; journal entry " + index + " cannot be applied and is skipped: " + reason);
    }

    @Override
    public void leadership(Leadership changed) {
      context.runOnContext(ignored -> lead(changed));
    }

    @Override
    public void broken(String reason) {
      context.runOnContext(
          ignored -> {
            brokenBecause = reason;
            lead(new Leadership(false, leadership.term(), ""));
          });
    }

    @Override
    public void unwritable(String reason) {
      broken(reason);
    }

    @Override
    public void mended() {
      context.runOnContext(ignored -> brokenBecause = null);
    }
  }

  private static @Nullable StateChanged merge(
      @Nullable StateChanged before, @Nullable StateChanged now) {
    if (before == null || now == null) {
      return now;
    }
    Set<String> ids = new HashSet<>(before.environmentIds());
    ids.addAll(now.environmentIds());
    return new StateChanged(now.index(), now.state(), ids, now.appliedAt());
  }

  private void tell() {
    StateChanged change = untold.getAndSet(null);
    if (change == null) {
      return;
    }
    RelayState before = newest.state();
    newest = change;
    if (replayed) {
      EndLog.tell(before, change);
      vertx.eventBus().publish(BusAddresses.ENVIRONMENT_CHANGED, change, LocalRecords.LOCAL);
    }
    if (settings != null) {
      settings.reconcile();
    }
  }

  private void tellState(Message<Object> message) {
    if (replayed) {
      message.reply(newest, LocalRecords.LOCAL);
    } else {
      fail(message, FailureCode.NOT_READY.because("the journal is not replayed yet"));
    }
  }

  private void caughtUp() {
    if (!replayed) {
      tell(); // what was applied last may still wait to be told
      replayed = true;
      vertx.eventBus().publish(BusAddresses.ENVIRONMENT_CHANGED, newest, LocalRecords.LOCAL);
    }
  }

  private void lookedAt(Leadership changed) {
    if (brokenBecause == null) {
      lead(changed);
    }
  }

  private void lead(Leadership changed) {
    if (changed.equals(leadership)) {
      return;
    }
    LOG.info(
        "term {}: {}",
        changed.term(),
        changed.leading() ? "this host leads" : "leader is '" + changed.leaderId() + "'");
    leadership = changed;
    if (changed.leading()) {
      caughtUp();
      beginToLead();
    }
    vertx.eventBus().publish(BusAddresses.LEADERSHIP_CHANGED, leadership, LocalRecords.LOCAL);
  }

  /** What a leader sees to first; once more when there is something to do it with. */
  private void beginToLead() {
    nameJournal();
    if (settings != null) {
      settings.ask();
    }
  }

  /** As long as this host leads a journal that has no name. */
  private void nameJournal() {
    if (isLeading() && newest.state().journalId().isEmpty()) {
      write(List.of(new Command.JournalCreated(UUID.randomUUID().toString())))
          .onFailure(
              failure -> {
                LOG.warn("cannot name the journal: {}; it is tried again", failure.getMessage());
                vertx.setTimer(NAME_AGAIN_MS, timer -> nameJournal());
              });
    }
  }

  private Future<Void> stopTaking() {
    MessageConsumer<Object> taking = transitions;
    transitions = null;
    return taking == null ? Future.succeededFuture() : taking.unregister();
  }
}
