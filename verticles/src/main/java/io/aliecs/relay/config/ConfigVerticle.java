package io.aliecs.relay.config;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.consul.PairReader.Pair;
import io.aliecs.relay.consul.PairWatch;
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

  /**
   * How long Consul may fail before the log says so: shorter than that is a busy machine, or a
   * proxy that ends a query that waits; it is asked again at once and the status has it all the
   * same.
   */
  private static final long PATIENCE_MILLIS = 2_000;

  private final ConsulOptions options;
  private final ConfigMetrics metrics;
  private volatile SettingsState state;
  private @Nullable PairWatch consul;
  private @Nullable Long suspicion;
  private boolean warned;

  /**
   * A verticle to deploy once in a process.
   *
   * @param options how to reach Consul
   * @param registry where the metrics {@code relay_config_*} go
   */
  public ConfigVerticle(ConsulOptions options, MeterRegistry registry) {
    this.options = options;
    this.state = SettingsState.empty(System.currentTimeMillis());
    this.metrics = new ConfigMetrics(registry, () -> state);
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    MessageConsumer<?> current =
        bus.localConsumer(BusAddresses.SETTINGS_CURRENT, this::answerCurrent);
    MessageConsumer<?> status =
        bus.localConsumer(
            BusAddresses.SETTINGS_STATUS,
            request -> request.reply(state.status(), LocalRecords.LOCAL));
    PairWatch watch = new PairWatch(vertx, options, this::take, this::asked);
    consul = watch;
    watch.start();
    return Future.all(current.completion(), status.completion());
  }

  @Override
  public Future<?> stop() {
    cancelSuspicion();
    if (consul != null) {
      consul.close();
    }
    metrics.close();
    return Future.succeededFuture();
  }

  private void answerCurrent(Message<Object> request) {
    SettingsState now = state;
    if (now.established()) {
      request.reply(now.settings(), LocalRecords.LOCAL);
    } else {
      String why = now.problems().stream().map(Problem::message).findFirst().orElse("not read yet");
      request.reply(FailureCode.NOT_READY.because(why), LocalRecords.LOCAL);
    }
  }

  private Future<Void> take(Pair pair) {
    return ParsedKeys.of(vertx, pair).onSuccess(this::apply).mapEmpty();
  }

  private void apply(ParsedKeys keys) {
    SettingsState before = state;
    SettingsState after = before.with(keys, System.currentTimeMillis());
    state = after;
    for (Problem problem : after.newsSince(before)) {
      LOG.warn("{}", problem.message());
      if (problem.kind() == SettingsStatus.Kind.REFUSED) {
        metrics.refused(problem.consulKey()).increment();
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
    metrics.changes().increment();
    vertx.eventBus().publish(BusAddresses.SETTINGS_CHANGED, settings, LocalRecords.LOCAL);
  }

  private void asked(List<String> keys, @Nullable ConsulException failure) {
    metrics.asked(keys, failure);
    SettingsState before = state;
    SettingsState after = before.asked(keys, failure, System.currentTimeMillis());
    state = after;
    if (before.reachable() && !after.reachable()) {
      suspicion = vertx.setTimer(PATIENCE_MILLIS, fired -> warn());
    } else if (!before.reachable() && after.reachable()) {
      cancelSuspicion();
      if (warned) {
        LOG.info("Consul answers again");
      }
      warned = false;
    }
  }

  private void warn() {
    warned = true;
    state.unreadable().values().stream()
        .map(Problem::message)
        .min(Comparator.naturalOrder())
        .ifPresent(message -> LOG.warn("Consul does not answer as it should: {}", message));
  }

  private void cancelSuspicion() {
    if (suspicion != null) {
      vertx.cancelTimer(suspicion);
      suspicion = null;
    }
  }
}
