package io.aliecs.relay.config;

import io.aliecs.relay.consul.ConsulAccess;
import io.aliecs.relay.consul.ConsulAgents;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.consul.PairReader;
import io.aliecs.relay.settings.SettingsStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Reads the switches in Consul once and judges them as a host does that starts now: for whoever
 * wants to know what they mean. Changes nothing.
 */
public final class SettingsInspection {
  /** Of all agents together: a process that has just begun is slow to ask. */
  private static final Duration LONGEST_ANSWERS = Duration.ofSeconds(4);

  private SettingsInspection() {}

  /**
   * Asks each agent once, until one answers; for four seconds at most.
   *
   * @return what both keys mean and what is wrong with them; fails with {@link ConsulException},
   *     that of the last agent, when none can be asked
   */
  public static Future<SettingsStatus> read(Vertx vertx, ConsulOptions options) {
    Promise<SettingsStatus> answer = Promise.promise();
    vertx.runOnContext(now -> inspect(vertx, options).onComplete(answer));
    return answer.future();
  }

  private static Future<SettingsStatus> inspect(Vertx vertx, ConsulOptions options) {
    int agents = options.addresses().size();
    ConsulAccess consul = new ConsulAgents(vertx, options).access();
    PairReader reader = new PairReader(consul, LONGEST_ANSWERS.dividedBy(agents));
    return attempt(reader, agents)
        .compose(pair -> ParsedKeys.of(vertx, pair))
        .map(SettingsInspection::status)
        .onComplete(done -> consul.close());
  }

  private static Future<PairReader.Pair> attempt(PairReader reader, int triesLeft) {
    Future<PairReader.Pair> pair = reader.read();
    return triesLeft > 1 ? pair.recover(failure -> attempt(reader, triesLeft - 1)) : pair;
  }

  private static SettingsStatus status(ParsedKeys keys) {
    long now = System.currentTimeMillis();
    return SettingsState.empty(now).with(keys, now).status();
  }
}
