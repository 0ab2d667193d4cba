package io.aliecs.relay.config;

import io.aliecs.relay.consul.ConsulAgents;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulMetrics;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.consul.ConsulTiming;
import io.aliecs.relay.consul.PairReader;
import io.aliecs.relay.settings.SettingsStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the switches in Consul once and judges them as a host does that starts now: for whoever
 * wants to know what they mean. Changes nothing.
 */
public final class SettingsInspection {
  /** Of all agents together: a process that has just begun is slow to ask. */
  private static final Duration LONGEST_ANSWERS = Duration.ofSeconds(4);

  private final Vertx vertx;
  private final ConsulOptions options;
  private final Promise<SettingsStatus> answer = Promise.promise();
  private int triesLeft;

  private SettingsInspection(Vertx vertx, ConsulOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.triesLeft = options.addresses().size();
  }

  /**
   * Asks each agent once, until one answers; for four seconds at most.
   *
   * @return what both keys mean and what is wrong with them; fails with {@link ConsulException},
   *     that of the last agent, when none can be asked
   */
  public static Future<SettingsStatus> read(Vertx vertx, ConsulOptions options) {
    SettingsInspection inspection = new SettingsInspection(vertx, options);
    vertx.runOnContext(now -> inspection.begin());
    return inspection.answer.future();
  }

  private void begin() {
    List<String> keys = List.of(ConsulOptions.SETTINGS_KEY, ConsulOptions.KAFKA_ENABLED_KEY);
    PairReader reader =
        new PairReader(
            vertx,
            new ConsulAgents(vertx, options).access(),
            ConsulOptions.SETTINGS_KEY,
            ConsulOptions.KAFKA_ENABLED_KEY,
            ConsulTiming.standard().waiting(LONGEST_ANSWERS.dividedBy(triesLeft)),
            new ConsulMetrics(new SimpleMeterRegistry(), keys),
            this::judge,
            this::heard);
    answer.future().onComplete(done -> reader.close());
    reader.request();
  }

  private Future<Void> judge(PairReader.Pair pair) {
    return ParsedKeys.of(vertx, pair).onSuccess(this::answer).mapEmpty();
  }

  private void answer(ParsedKeys keys) {
    long now = System.currentTimeMillis();
    answer.tryComplete(SettingsState.empty(now).with(keys, now).status());
  }

  private void heard(@Nullable ConsulException failure) {
    if (failure != null && --triesLeft <= 0) {
      answer.tryFail(failure);
    }
  }
}
