package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.status.CoreEnvironments;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.ingest.session.ReaderStatus;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.ingest.stream.StreamSilence;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads AliECS's own event stream while this host leads, and has the journal keep what happened
 * together with the place it was read from.
 *
 * <p>Learns who leads from {@link BusAddresses#LEADERSHIP_CHANGED} alone: to be deployed before the
 * verticle that publishes it. Answers {@link BusAddresses#INGEST_STATUS}.
 */
public final class IngestVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(IngestVerticle.class);
  private static final long WATCH_MS = 1_000;

  private final IngestOptions options;
  private final ReaderTiming timing;
  private final IngestMetrics metrics;
  private final ReaderStatus status;
  private final StreamSilence silence;
  private boolean leading;
  private boolean stopped;
  private boolean changing;
  private List<String> serversInForce = List.of();
  private boolean streamEnabled = true;

  /** Whether the journal has settings, even such that name no endpoint. */
  private boolean settingsKnown;

  private @Nullable StreamReader reader;
  private @Nullable SpareConsumer spare;

  public IngestVerticle(IngestOptions options, MeterRegistry meters) {
    this(options, meters, ReaderTiming.DEFAULT);
  }

  IngestVerticle(IngestOptions options, MeterRegistry meters, ReaderTiming timing) {
    this.options = options;
    this.timing = timing;
    this.metrics = new IngestMetrics(meters);
    this.status = new ReaderStatus(Clock.systemUTC());
    this.silence = new StreamSilence(options.quietAfter(), Clock.systemUTC());
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    bus.<Object>localConsumer(
        BusAddresses.INGEST_STATUS, m -> m.reply(status.current(), LocalRecords.LOCAL));
    if (!options.enabled()) {
      status.off("ingest.enabled is false");
      return Future.succeededFuture();
    }
    bus.<CoreEnvironments>localConsumer(
        BusAddresses.CORE_ENVIRONMENTS, m -> silence.core(m.body()));
    spare = new SpareConsumer(vertx, options, timing);
    reconcile();
    vertx.setPeriodic(WATCH_MS, look -> watch());
    return new JournalClient(vertx).follow(this::follow, this::lead);
  }

  /** The core may know what the stream did not report. */
  private void askCore() {
    vertx
        .eventBus()
        .request(BusAddresses.RECONCILE_REQUEST, null, LocalRecords.LOCAL)
        .onFailure(nobody -> LOG.debug("AliECS's core is not asked: {}", nobody.toString()));
  }

  private void watch() {
    if (reader != null) {
      reader.watch();
    } else if (spare != null && !leading && !stopped) {
      spare.keep(readable());
    }
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    if (spare != null) {
      spare.discard();
    }
    StreamReader running = reader;
    return running == null ? Future.succeededFuture() : stop(running);
  }

  private void lead(Leadership now) {
    leading = now.leading();
    reconcile();
  }

  private void follow(StateChanged change) {
    PublishingSettings settings = change.state().settings();
    boolean known = change.state().settingsSince() != 0;
    if (!settings.sourceServers().equals(serversInForce)
        || settings.streamEnabled() != streamEnabled
        || known != settingsKnown) {
      settingsKnown = known;
      serversInForce = settings.sourceServers();
      streamEnabled = settings.streamEnabled();
      reconcile();
    }
  }

  /** Starts, stops or moves the reader until it is as it should be. */
  private void reconcile() {
    if (stopped) {
      return;
    }
    String wanted = wanted();
    StreamReader running = reader;
    if (changing) {
      if (running != null && wanted.isEmpty()) {
        var unused = running.stop(); // nothing is left to another host, or to nobody
      }
      return;
    }
    if (running == null) {
      if (wanted.isEmpty()) {
        explain();
      } else {
        begin(wanted);
      }
    } else if (!running.servers().equals(wanted)) {
      changing = true;
      (wanted.isEmpty() ? stop(running) : finish(running))
          .onComplete(
              done -> {
                changing = false;
                reader = null;
                reconcile();
              });
    }
  }

  /** The servers to read from; empty when nothing is to be read. */
  private String wanted() {
    return leading ? readable() : "";
  }

  /**
   * The servers that the leader reads from; empty when nothing is to be read. Not before there are
   * settings: what came before them would be taken for what happened while publishing was off.
   */
  private String readable() {
    return settingsKnown && streamEnabled ? servers() : "";
  }

  private String servers() {
    return options.bootstrapServers().isBlank()
        ? String.join(",", serversInForce)
        : options.bootstrapServers();
  }

  private void explain() {
    metrics.unknown();
    if (leading && !settingsKnown) {
      status.waiting(true, "the settings are not read from Consul yet, see the check settings");
    } else if (leading && !streamEnabled) {
      status.waiting(
          false,
          "enableKafka is false in Consul: AliECS writes no event stream; it is read when that is true or not there");
    } else if (leading) {
      status.waiting(
          false,
          "no Kafka endpoint (expected: ingest.bootstrap-servers, or kafkaEndpoints in Consul);"
              + " nothing is read until there is one");
    } else {
      status.waiting(true, "this host does not lead; the one that leads reads");
    }
  }

  private void begin(String servers) {
    StreamReader next =
        new StreamReader(
            servers,
            options,
            timing,
            Objects.requireNonNull(spare, "not started").takeFor(servers),
            new JournalClient(vertx, timing.request()),
            metrics,
            status,
            silence,
            this::askCore);
    reader = next;
    next.start();
  }

  /** Reads what AliECS has left on the brokers before; never longer than some seconds. */
  private Future<Void> finish(StreamReader running) {
    return within(
        timing.finish(),
        running.finish(),
        () -> {
          LOG.warn(
              "what AliECS has left on {} was not all read within {} s: it is left behind, and AliECS's"
                  + " core is asked",
              running.servers(),
              timing.finish().toSeconds());
          askCore();
          return stop(running);
        });
  }

  /** Never fails, and never takes longer than {@link ReaderTiming#stop}. */
  private Future<Void> stop(StreamReader running) {
    return within(
        timing.stop(),
        running.stop(),
        () -> {
          LOG.warn(
              "the reader of AliECS's event stream did not stop in time: it is left behind, and ends by itself");
          running.abandon();
          return Future.succeededFuture();
        });
  }

  /** Waits for a step, and does something else once that takes too long. Never fails. */
  private Future<Void> within(
      Duration limit, CompletionStage<?> step, Supplier<Future<Void>> otherwise) {
    Promise<Void> done = Promise.promise();
    long timer =
        vertx.setTimer(
            limit.toMillis(), late -> otherwise.get().onComplete(gone -> done.tryComplete()));
    Future.fromCompletionStage(step, context)
        .onComplete(
            ended -> {
              vertx.cancelTimer(timer);
              done.tryComplete();
            });
    return done.future();
  }
}
