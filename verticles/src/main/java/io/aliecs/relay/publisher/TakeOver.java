package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.PublishingGap.SkippedRun;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.proto.journal.Watermark;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.records.RecordMapper;
import io.aliecs.relay.publisher.session.KafkaSession;
import io.aliecs.relay.publisher.session.SessionWorker;
import io.aliecs.relay.publisher.session.StandBySession;
import io.aliecs.relay.publisher.session.StepTimes;
import io.aliecs.relay.publisher.watch.Stranger;
import io.aliecs.relay.publisher.watch.Strangers;
import io.aliecs.relay.text.LogFields;
import io.aliecs.relay.text.Printable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a session: fences whoever published before, reports to the journal what Kafka has, and
 * reads back from where to go on.
 */
final class TakeOver {
  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);

  private final PublisherOptions options;
  private final SessionWorker worker;
  private final JournalClient journal;
  private final Counter unsettled;
  private final Strangers strangers;
  private final Clock clock;

  /** What this host has ready for a take-over, or null. */
  private @Nullable StandBySession ready;

  /** The session that this host closed in order last, or null. */
  private @Nullable Publishing closed;

  /**
   * What came of it.
   *
   * @param seen the state that it goes on from
   * @param steps how long it took
   */
  record Taken(Publishing publishing, StateChanged seen, StepTimes steps) {}

  TakeOver(
      PublisherOptions options,
      SessionWorker worker,
      JournalClient journal,
      MeterRegistry meters,
      Strangers strangers,
      Clock clock) {
    this.options = options;
    this.worker = worker;
    this.journal = journal;
    this.unsettled = meters.counter("relay.publisher.unsettled");
    this.strangers = strangers;
    this.clock = clock;
  }

  /** Makes ready to take over there, as far as that fences nobody. */
  Future<Void> prepare(List<String> servers) {
    return worker
        .call(() -> StandBySession.open(servers, options))
        .onSuccess(
            made -> {
              release();
              ready = made;
            })
        .mapEmpty();
  }

  /** Gives up what is ready. */
  void release() {
    StandBySession made = ready;
    ready = null;
    close(made);
  }

  private void close(@Nullable StandBySession made) {
    if (made != null) {
      worker
          .run(made::close)
          .onFailure(failed -> LOG.warn("clients are left behind: {}", failed.toString()));
    }
  }

  /** A session was closed in order: what it sent is known. */
  void closed(Publishing session) {
    closed = session;
  }

  /**
   * Takes over; a session that comes to nothing is closed.
   *
   * @param newest the newest state, asked once Kafka has answered
   * @param generation of the settings that it is for
   * @param announced the generation whose start this host has announced, −1 for none
   * @param leads whether this host still leads as it did: otherwise another one may have published
   *     since the watermark was read
   */
  Future<Taken> begin(
      PublishingSettings settings,
      long generation,
      long announced,
      Supplier<RelayState> newest,
      BooleanSupplier leads) {
    StepTimes steps = new StepTimes();
    StandBySession made = ready;
    ready = null;
    return settle(settings.bootstrapServers(), newest.get())
        .onFailure(unsettled -> close(made))
        .compose(
            settled ->
                worker.call(
                    () -> {
                      steps.done("begin");
                      return KafkaSession.open(settings.bootstrapServers(), options, made, steps);
                    }))
        .compose(
            session ->
                (leads.getAsBoolean()
                        ? goOn(session, settings, generation, announced, newest.get(), steps)
                        : Future.<Taken>failedFuture("another host has led meanwhile"))
                    .onFailure(failed -> worker.discard(session)));
  }

  /**
   * Before publishing moves to other brokers: learns what those before have, unless this host
   * knows, and fences whoever might still publish there. When they do not answer there is no
   * knowing; then what may be there is sent again, so that nothing is lost.
   */
  private Future<Void> settle(List<String> servers, RelayState known) {
    List<String> before = known.publishedTo();
    if (before.isEmpty() || before.equals(servers)) {
      return Future.succeededFuture();
    }
    Publishing last = closed;
    if (last != null && last.epoch() == known.epoch()) {
      return journal.append(new Command.Delivered(last.sent())).mapEmpty();
    }
    return worker
        .call(() -> KafkaSession.lastWatermark(before, options))
        .map(Optional::of)
        .otherwise(silent -> unsettled(before, silent))
        .compose(
            found ->
                found.isPresent() && isOf(found.get(), known)
                    ? journal.append(new Command.Delivered(found.get().getSequence())).mapEmpty()
                    : Future.succeededFuture());
  }

  private Optional<Watermark> unsettled(List<String> before, Throwable silent) {
    LOG.warn(
        "{} cannot say what of the last transaction it has ({}); that is published once more on the"
            + " new brokers, with the same ce_id",
        before,
        silent.getMessage());
    unsettled.increment();
    return Optional.empty();
  }

  /** One of an earlier start has other sequences. */
  private static boolean isOf(Watermark found, RelayState known) {
    return found.getJournalId().equals(known.journalId()) && found.getEpoch() == known.epoch();
  }

  private Future<Taken> goOn(
      KafkaSession session,
      PublishingSettings settings,
      long generation,
      long announced,
      RelayState known,
      StepTimes steps) {
    steps.done("answer");
    Watermark found = session.watermark();
    if (isOfAnotherRelay(found, settings, known)) {
      strangers.see(Stranger.sameId(found.getJournalId()), known.journalId());
    }
    Set<String> recovered = recoveredTopics(session, known);
    boolean goesOn =
        announced == generation
            && recovered.isEmpty()
            && found.getJournalId().equals(known.journalId());
    Command command =
        goesOn
            ? new Command.Delivered(found.getSequence())
            : new Command.PublishingStarted(
                found.getJournalId(),
                found.getSequence(),
                listedAt(found),
                recovered,
                settings.bootstrapServers(),
                clock.millis());
    return journal
        .append(command)
        .onSuccess(done -> nameSkipped(known.outbox().gap().unnamed()))
        .compose(
            done ->
                journal
                    .state()
                    .map(HostState::newest)
                    .map(
                        seen -> {
                          steps.done("journal");
                          return new Taken(
                              publishing(session, generation, seen.state(), done.reason()),
                              seen,
                              steps);
                        }));
  }

  /** Where this journal was published last there is the watermark of another one. */
  private static boolean isOfAnotherRelay(
      Watermark found, PublishingSettings settings, RelayState known) {
    return known.epoch() > 0
        && known.publishedTo().equals(settings.bootstrapServers())
        && !found.getJournalId().isEmpty()
        && !found.getJournalId().equals(known.journalId());
  }

  private static void nameSkipped(List<SkippedRun> runs) {
    for (SkippedRun run : runs) {
      LogFields.about(LOG.atWarn(), run.environmentId(), run.number())
          .log(
              "run {} of {} began and ended while publishing was off, and stays unpublished, see"
                  + " /api/v1/delivery",
              run.number(),
              Printable.text(run.environmentId()));
    }
  }

  /** The time of the last list there; an older version does not say, but none was ever of later. */
  private long listedAt(Watermark found) {
    boolean silent = !found.hasListedAt() && found.getSequence() > 0;
    return silent ? clock.millis() : found.getListedAt();
  }

  /** Topics for whose sake messages are parked, and which take messages now. */
  private static Set<String> recoveredTopics(KafkaSession session, RelayState known) {
    Set<String> blocked = session.refusals().blockedTopics().keySet();
    return known.outbox().parked().values().stream()
        .filter(message -> message.awaitsTopic() && !message.resending())
        .map(ParkedMessage::topic)
        .filter(topic -> !blocked.contains(topic))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Publishing publishing(
      KafkaSession session, long generation, RelayState state, String missing) {
    if (!missing.isEmpty()) {
      LOG.error("{}", missing);
    }
    RecordMapper mapper =
        new RecordMapper(
            options.topics(),
            state.journalId(),
            state.epoch(),
            options.afterStartActivity(),
            options.traced(),
            state.outbox().base().values(),
            session.watermark().getListedAt());
    return new Publishing(
        session,
        generation,
        mapper,
        state.journalId(),
        state.epoch(),
        state.outbox().delivered(),
        null,
        missing);
  }
}
