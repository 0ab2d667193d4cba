package io.aliecs.relay.config;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.consul.ConsulAgents;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulMetrics;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.consul.ConsulTiming;
import io.aliecs.relay.consul.KeyReading;
import io.aliecs.relay.consul.KeyWatch;
import io.aliecs.relay.consul.PairReader;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Comparator;
import java.util.List;
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
  private final ConsulTiming timing;
  private volatile SettingsState ledger;

  // How long Consul may fail before it is said: shorter than that is a busy machine, or a proxy
  // that
  // ends a query that waits; it is asked again at once and the status has it all the same.
  private static final long PATIENCE_MILLIS = 2_000;

  private @Nullable Long suspicion;
  private boolean warned;

  // Made in start(), on the verticle's context.
  private @Nullable Parts parts;

  private record Parts(
      ConfigMetrics metrics, ConsulMetrics asked, PairReader reader, List<KeyWatch> watches) {}

  /**
   * A verticle to deploy once in a process.
   *
   * @param options how to reach Consul
   * @param registry where the metrics {@code relay_config_*} go
   */
  public ConfigVerticle(ConsulOptions options, MeterRegistry registry) {
    this(options, registry, ConsulTiming.standard());
  }

  ConfigVerticle(ConsulOptions options, MeterRegistry registry, ConsulTiming timing) {
    this.options = options;
    this.registry = registry;
    this.timing = timing;
    this.ledger = SettingsState.empty(System.currentTimeMillis());
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    MessageConsumer<Object> current = bus.localConsumer(BusAddresses.SETTINGS_CURRENT);
    MessageConsumer<Object> status = bus.localConsumer(BusAddresses.SETTINGS_STATUS);
    current.handler(this::answerCurrent);
    status.handler(request -> request.reply(ledger.status(), LocalRecords.LOCAL));
    parts = assemble();
    parts.reader().request();
    parts.watches().forEach(KeyWatch::start);
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
    parts.watches().forEach(KeyWatch::close);
    parts.reader().close();
    parts.metrics().close();
    parts.asked().close();
    return Future.succeededFuture();
  }

  private Parts assemble() {
    ConsulAgents agents = new ConsulAgents(vertx, options);
    ConsulMetrics asked =
        new ConsulMetrics(
            registry, List.of(ConsulOptions.SETTINGS_KEY, ConsulOptions.KAFKA_ENABLED_KEY));
    PairReader reader =
        new PairReader(
            vertx,
            agents.access(),
            ConsulOptions.SETTINGS_KEY,
            ConsulOptions.KAFKA_ENABLED_KEY,
            timing,
            asked,
            this::judge,
            failure -> heard(SettingsState.Source.READER, ConsulOptions.SETTINGS_KEY, failure));
    return new Parts(
        new ConfigMetrics(registry, () -> ledger),
        asked,
        reader,
        List.of(
            watch(
                SettingsState.Source.SETTINGS_WATCH,
                ConsulOptions.SETTINGS_KEY,
                agents,
                asked,
                reader),
            watch(
                SettingsState.Source.KAFKA_ENABLED_WATCH,
                ConsulOptions.KAFKA_ENABLED_KEY,
                agents,
                asked,
                reader)));
  }

  private KeyWatch watch(
      SettingsState.Source source,
      String key,
      ConsulAgents agents,
      ConsulMetrics asked,
      PairReader reader) {
    return new KeyWatch(
        vertx,
        agents.access(),
        key,
        options.queryWait(),
        timing,
        asked,
        changed -> reader.request(),
        failure -> heard(source, key, failure));
  }

  private void answerCurrent(Message<Object> request) {
    SettingsState now = ledger;
    if (now.established()) {
      request.reply(now.settings(), LocalRecords.LOCAL);
    } else {
      String why = now.problems().stream().map(Problem::message).findFirst().orElse("not read yet");
      request.reply(FailureCode.NOT_READY.because(why), LocalRecords.LOCAL);
    }
  }

  private Future<Void> judge(PairReader.Pair pair) {
    if (wentBack(pair.first(), ledger.settings().settingsIndex())
        || wentBack(pair.second(), ledger.settings().kafkaEnabledIndex())) {
      wakeWatches(); // a snapshot was restored: the watches wait for indexes that are long to come
    }
    return ParsedKeys.of(vertx, pair).onSuccess(this::apply).mapEmpty();
  }

  private static boolean wentBack(KeyReading reading, long index) {
    return reading.isPresent() && reading.modifyIndex() < index;
  }

  private void apply(ParsedKeys keys) {
    SettingsState before = ledger;
    SettingsState after = before.with(keys, System.currentTimeMillis());
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

  private void heard(SettingsState.Source source, String key, @Nullable ConsulException failure) {
    SettingsState before = ledger;
    long now = System.currentTimeMillis();
    SettingsState after =
        failure == null ? before.answering(source, now) : before.failing(source, key, failure, now);
    ledger = after;
    if (before.reachable() && failure != null) {
      suspicion = vertx.setTimer(PATIENCE_MILLIS, fired -> warn());
    } else if (!before.reachable() && after.reachable()) {
      answersAgain();
    }
    if (source == SettingsState.Source.READER && before.isFailing(source) && failure == null) {
      wakeWatches(); // they may hang on a dead connection
    }
  }

  private void warn() {
    suspicion = null;
    warned = true;
    ledger.unreadable().values().stream()
        .map(Problem::message)
        .min(Comparator.naturalOrder())
        .ifPresent(message -> LOG.warn("Consul does not answer as it should: {}", message));
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

  private void wakeWatches() {
    if (parts != null) {
      parts.watches().forEach(KeyWatch::wake);
    }
  }
}
