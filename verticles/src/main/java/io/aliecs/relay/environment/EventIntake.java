package io.aliecs.relay.environment;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.bus.EventMessages;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.journal.CommandQueue;
import io.aliecs.relay.journal.ReopeningJournal;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes events of senders and commands of verticles from the bus, has them written and answers.
 * Lives on one context.
 */
final class EventIntake {
  private final EventBus bus;
  private final Backlog backlog;
  private final JournalFeed feed;
  private final MeterRegistry meters;
  private final Clock clock;
  private final ReopeningJournal journal;

  /** What the verticles of a host that leads append. */
  private final CommandQueue queue;

  /** What senders append; one queue, whoever leads, so that nothing overtakes. */
  private final CommandQueue events;

  private @Nullable MessageConsumer<Object> transitions;

  /**
   * Takes nothing yet.
   *
   * @param feed knows who leads and how much is waiting for Kafka
   * @param clock gives events without a timestamp theirs
   */
  EventIntake(
      Vertx vertx,
      Context context,
      Backlog backlog,
      JournalFeed feed,
      ReopeningJournal journal,
      MeterRegistry meters,
      Clock clock) {
    this.bus = vertx.eventBus();
    this.backlog = backlog;
    this.feed = feed;
    this.journal = journal;
    this.meters = meters;
    this.clock = clock;
    this.queue = new CommandQueue(context, journal::append);
    this.events = new CommandQueue(context, this::toLeader);
  }

  /** Takes what comes; it is refused while no leader is known. */
  void start() {
    for (Verdict verdict : Verdict.values()) {
      counter(verdict); // to be seen at 0, before the first
    }
    bus.localConsumer(BusAddresses.JOURNAL_APPEND, this::append);
    bus.localConsumer(BusAddresses.JOURNAL_REQUEST, this::request);
    transitions = bus.localConsumer(BusAddresses.ENVIRONMENT_TRANSITION, this::transition);
  }

  /** Takes no further event of a sender. */
  Future<Void> stop() {
    MessageConsumer<Object> taking = transitions;
    transitions = null;
    return taking == null ? Future.succeededFuture() : taking.unregister();
  }

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
        .onFailure(failure -> fail(message, failure));
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

  /** Names the fields that were skipped: they may be misspelled. */
  private static JsonObject toJson(TransitionReply reply, Object request) {
    List<String> skipped =
        request instanceof JsonObject json ? EventMessages.unknownFields(json) : List.of();
    JsonObject answer = reply.toJson();
    return skipped.isEmpty() ? answer : answer.put("skipped", new JsonArray(skipped));
  }

  private void request(Message<Command> message) {
    send(List.of(message.body()))
        .onSuccess(replies -> message.reply(replies.get(0), LocalRecords.LOCAL))
        .onFailure(failure -> fail(message, failure));
  }

  private void append(Message<Object> message) {
    Object body = message.body();
    if (body instanceof EventBatch batch) {
      submit(List.copyOf(batch.events()), this::write)
          .onSuccess(replies -> message.reply(new EventBatchReply(replies), LocalRecords.LOCAL))
          .onFailure(failure -> fail(message, failure));
    } else if (body instanceof Command command) {
      write(List.of(command))
          .onSuccess(replies -> message.reply(replies.get(0), LocalRecords.LOCAL))
          .onFailure(failure -> fail(message, failure));
    } else {
      fail(message, FailureCode.REFUSED.because("body: not a command (expected: a Command)"));
    }
  }

  /** Events are not taken when too much is waiting for Kafka; commands always are. */
  private Future<List<TransitionReply>> submit(
      List<Command> events, Function<List<Command>, Future<List<TransitionReply>>> take) {
    Optional<String> full = backlog.refusal(feed.state());
    if (full.isPresent()) {
      return Future.failedFuture(FailureCode.BACKLOG_FULL.because(full.get()));
    }
    return take.apply(events)
        .onSuccess(replies -> replies.forEach(reply -> counter(reply.verdict()).increment()));
  }

  /** From a sender, to whichever host leads. */
  private Future<List<TransitionReply>> send(List<Command> commands) {
    return append(commands, events, !feed.leadership().leaderId().isEmpty());
  }

  /** From a verticle of the host that leads, and from no other. */
  Future<List<TransitionReply>> write(List<Command> commands) {
    return append(commands, queue, feed.leadership().leading());
  }

  private Future<List<TransitionReply>> append(
      List<Command> commands, CommandQueue to, boolean mayBeTaken) {
    Optional<String> broken = feed.broken();
    if (broken.isPresent()) {
      return Future.failedFuture(FailureCode.NOT_READY.because(broken.get()));
    }
    if (!mayBeTaken) {
      String leader = feed.leadership().leaderId();
      return Future.failedFuture(
          FailureCode.NOT_LEADER.because(
              leader.isEmpty() ? "no leader is known" : leader + " leads"));
    }
    return to.append(commands);
  }

  private CompletableFuture<BatchReply> toLeader(Batch batch) {
    return feed.leadership().leading() ? journal.append(batch) : journal.forward(batch);
  }

  private static void fail(Message<?> message, Throwable failure) {
    ReplyException reply =
        failure instanceof ReplyException coded
            ? coded
            : FailureCode.NOT_READY.because(failure.toString());
    message.fail(reply.failureCode(), String.valueOf(reply.getMessage()));
  }

  private Counter counter(Verdict verdict) {
    return meters.counter(
        "relay.events", "verdict", verdict.name().toLowerCase(java.util.Locale.ROOT));
  }
}
