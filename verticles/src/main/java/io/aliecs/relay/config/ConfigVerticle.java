package io.aliecs.relay.config;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.domain.PublishingSettings;
import io.aliecs.relay.settings.ConsulOptions;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the relay's hot settings in step with Consul. Deploying it never waits for Consul: until
 * good settings are read, publishing is off.
 *
 * <p>On the event bus, in this process only: publishes each change of what is in force; answers
 * with the newest good {@link PublishingSettings}, or a failure when none have been seen yet; and
 * answers with a {@link SettingsStatus} that says what is in force and what is wrong. {@link
 * LocalRecords#register} must have been called before.
 */
public final class ConfigVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigVerticle.class);

  private final ConsulOptions options;
  private final MeterRegistry registry;
  private final WatchTiming timing;
  private volatile Ledger ledger;

  // How long Consul may fail before it is said: shorter than that is a busy machine, or a proxy
  // that
  // ends a query that waits; it is asked again at once and the status has it all the same.
  private static final long PATIENCE_MILLIS = 2_000;

  // Beyond the reader's own bound; what takes longer is left to its thread and refused.
  private static final long LONGEST_JUDGING_MILLIS = 5_000;

  private @Nullable Long suspicion;
  private boolean warned;

  // Made in start(), on the verticle's context.
  private @Nullable Parts parts;

  private record Parts(
      ConfigMetrics metrics,
      ConsulKv consul,
      RecoveryProbe probe,
      SettingsReader reader,
      List<ConsulKeyWatch> watches) {}

  /**
   * A verticle to deploy once in a process.
   *
   * @param options how to reach Consul
   * @param registry where the metrics {@code relay_config_*} go
   */
  public ConfigVerticle(ConsulOptions options, MeterRegistry registry) {
    this(options, registry, WatchTiming.standard());
  }

  ConfigVerticle(ConsulOptions options, MeterRegistry registry, WatchTiming timing) {
    this.options = options;
    this.registry = registry;
    this.timing = timing;
    this.ledger = Ledger.empty(options, System.currentTimeMillis());
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    MessageConsumer<Object> current = bus.localConsumer(BusAddresses.SETTINGS_CURRENT);
    MessageConsumer<Object> status = bus.localConsumer(BusAddresses.SETTINGS_STATUS);
    current.handler(this::answerCurrent);
    status.handler(request -> request.reply(ledger.status(), LocalRecords.LOCAL));
    parts = assemble();
    parts.probe().start();
    parts.watches().forEach(ConsulKeyWatch::start);
    return Future.all(current.completion(), status.completion());
  }

  @Override
  public Future<?> stop() {
    if (parts == null) {
      return Future.succeededFuture();
    }
    if (suspicion != null) {
      vertx.cancelTimer(suspicion);
    }
    parts.watches().forEach(ConsulKeyWatch::close);
    parts.reader().close();
    parts.probe().close();
    parts.metrics().close();
    return parts.consul().close();
  }

  private Parts assemble() {
    ConfigMetrics metrics = new ConfigMetrics(registry, options, () -> ledger);
    ConsulKv consul = new ConsulKv(vertx, options, timing.margin());
    RecoveryProbe probe =
        new RecoveryProbe(
            vertx,
            consul,
            timing,
            failure -> heard(Ledger.Source.PROBE, options.settingsKey(), failure),
            this::recovered);
    SettingsReader reader =
        new SettingsReader(
            vertx,
            consul,
            options.settingsKey(),
            options.kafkaEnabledKey(),
            timing,
            metrics,
            this::judge,
            failure -> heard(Ledger.Source.READER, options.settingsKey(), failure));
    return new Parts(
        metrics,
        consul,
        probe,
        reader,
        List.of(
            watch(Ledger.Source.SETTINGS_WATCH, options.settingsKey(), consul, metrics, reader),
            watch(
                Ledger.Source.KAFKA_ENABLED_WATCH,
                options.kafkaEnabledKey(),
                consul,
                metrics,
                reader)));
  }

  private ConsulKeyWatch watch(
      Ledger.Source source,
      String key,
      ConsulKv consul,
      ConfigMetrics metrics,
      SettingsReader reader) {
    return new ConsulKeyWatch(
        vertx,
        consul,
        key,
        timing,
        metrics,
        changed -> reader.request(),
        failure -> heard(source, key, failure));
  }

  private void answerCurrent(Message<Object> request) {
    Ledger now = ledger;
    if (now.established()) {
      request.reply(now.settings(), LocalRecords.LOCAL);
    } else {
      String why = now.problems().stream().map(Problem::message).findFirst().orElse("not read yet");
      request.reply(FailureCode.NOT_READY.because(why), LocalRecords.LOCAL);
    }
  }

  private Future<Void> judge(SettingsReader.Pair pair) {
    if (wentBack(pair.settings(), ledger.settings().settingsIndex())
        || wentBack(pair.kafkaEnabled(), ledger.settings().kafkaEnabledIndex())) {
      recovered(); // a snapshot was restored: the watches wait for indexes that are long to come
    }
    return vertx
        .executeBlocking(() -> Judgement.of(pair), false)
        .timeout(LONGEST_JUDGING_MILLIS, TimeUnit.MILLISECONDS)
        .recover(
            late ->
                late instanceof TimeoutException
                    ? Future.succeededFuture(Judgement.tooSlow(pair))
                    : Future.failedFuture(late))
        .onSuccess(this::apply)
        .mapEmpty();
  }

  private static boolean wentBack(KeyReading reading, long index) {
    return reading.isPresent() && reading.modifyIndex() < index;
  }

  private void apply(Judgement judgement) {
    Ledger before = ledger;
    Ledger after = before.judged(judgement, System.currentTimeMillis());
    ledger = after;
    for (Problem problem : after.newsSince(before)) {
      LOG.warn("{}", problem.message());
      if (problem.kind() == SettingsStatus.Kind.REFUSED && parts != null) {
        parts.metrics().refused(problem.consulKey());
      }
    }
    boolean changed =
        !after.settings().sameAs(before.settings()) || after.established() != before.established();
    if (changed && after.established()) {
      announce(after.settings());
    }
  }

  private void announce(PublishingSettings settings) {
    LOG.info(
        "Settings in force: publishing {}, brokers {}, new environments {} (Consul indexes {}, {})",
        settings.pluginEnabled() ? "on" : "off",
        settings.bootstrapServers(),
        settings.publishNewEnvironments() ? "published" : "not published",
        settings.settingsIndex(),
        settings.kafkaEnabledIndex());
    if (parts != null) {
      parts.metrics().changed();
    }
    vertx.eventBus().publish(BusAddresses.SETTINGS_CHANGED, settings, LocalRecords.LOCAL);
  }

  private void heard(Ledger.Source source, String key, @Nullable ConsulFailure failure) {
    Ledger before = ledger;
    long now = System.currentTimeMillis();
    Ledger after =
        failure == null ? before.answering(source, now) : before.failing(source, key, failure, now);
    ledger = after;
    if (before.reachable() && failure != null) {
      suspicion = vertx.setTimer(PATIENCE_MILLIS, fired -> warn());
    } else if (!before.reachable() && after.reachable()) {
      answersAgain();
    }
    if (parts != null) {
      parts.probe().hurry(!after.reachable());
    }
  }

  private void warn() {
    suspicion = null;
    warned = true;
    ledger.problems().stream()
        .filter(problem -> problem.kind() == SettingsStatus.Kind.UNREADABLE)
        .findFirst()
        .ifPresent(
            problem ->
                LOG.warn(
                    "Consul does not answer as it should, the settings in force stay: {}",
                    problem.message()));
  }

  private void answersAgain() {
    if (suspicion != null) {
      vertx.cancelTimer(suspicion);
      suspicion = null;
    }
    if (warned) {
      LOG.info("Consul answers again");
    }
    warned = false;
  }

  private void recovered() {
    if (parts != null) {
      parts.watches().forEach(ConsulKeyWatch::wake);
      parts.reader().wake();
    }
  }
}
