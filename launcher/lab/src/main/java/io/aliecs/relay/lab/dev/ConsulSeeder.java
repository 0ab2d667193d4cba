package io.aliecs.relay.lab.dev;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.host.service.Foreground;
import io.vertx.core.Vertx;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.ConsulClientOptions;
import io.vertx.ext.consul.KeyValue;
import io.vertx.ext.consul.KeyValueOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Puts the two keys that the relay reads into the Consul of {@code dev}. Its methods block. */
final class ConsulSeeder implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final long POLL_MS = 50;

  private final ConsulClient consul;

  /**
   * Nothing is written yet.
   *
   * @param address of Consul, with scheme; it need not answer yet
   */
  ConsulSeeder(Vertx vertx, String address) {
    this.consul = ConsulClient.create(vertx, new ConsulClientOptions(URI.create(address)));
  }

  /**
   * Writes what is missing once Consul answers. What somebody has switched stays so; but a broker
   * at another port than before is named anew.
   *
   * @throws IOException when Consul does not take it, with the reason
   */
  void seed(String broker) throws Exception {
    awaitConsul();
    if (putIfMissing(ConsulOptions.SETTINGS_KEY, DevSettings.of(broker))) {
      return;
    }
    KeyValue settings = Foreground.get(consul.getValue(ConsulOptions.SETTINGS_KEY), ANSWER_LIMIT);
    Optional<String> renamed = DevSettings.naming(broker, settings.getValue());
    if (renamed.isPresent()
        && !Foreground.get(
            consul.putValue(ConsulOptions.SETTINGS_KEY, renamed.get()), ANSWER_LIMIT)) {
      throw new IOException(
          "Consul did not write " + ConsulOptions.SETTINGS_KEY + " (expected: that it does)");
    }
  }

  /** It answers only once it leads. */
  private void awaitConsul() throws Exception {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        putIfMissing(ConsulOptions.KAFKA_ENABLED_KEY, "true");
        return;
      } catch (InterruptedException stopped) {
        throw stopped;
      } catch (Exception notYet) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              "Consul does not serve after " + START_LIMIT.toSeconds() + " s: " + notYet, notYet);
        }
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  /** Returns whether it was written, as it is when there is no such key. */
  private boolean putIfMissing(String key, String value) throws Exception {
    return Foreground.get(
        consul.putValueWithOptions(key, value, new KeyValueOptions().setCasIndex(0)), ANSWER_LIMIT);
  }

  @Override
  public void close() {
    consul.close();
  }
}
