package io.aliecs.relay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.dev.ConsulProcess;
import io.aliecs.relay.settings.ConsulOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One watch on one key of a real Consul, and the arithmetic of its paces. */
class ConsulKeyWatchTest {

  private static final String KEY = ConsulOptions.SETTINGS_KEY;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private ConsulProcess consul;
  private ConsulKv kv;
  private ConfigMetrics metrics;

  @BeforeEach
  void start() throws Exception {
    consul = ConsulProcess.inMemory(folder);
    ConsulOptions options = ConsulFixture.at(consul.port()).withQueryWait(Duration.ofSeconds(1));
    kv = new ConsulKv(vertx, options, Duration.ofSeconds(1));
    Ledger ledger = Ledger.empty(options, 0);
    metrics = new ConfigMetrics(registry, options, () -> ledger);
  }

  @AfterEach
  void stop() throws Exception {
    ConsulFixture.get(vertx.close());
    consul.close();
  }

  @Test
  void aListenerThatThrowsIsCountedAndTheWatchGoesOn() throws Exception {
    watch(
        reading -> {
          heard.add(text(reading));
          throw new IllegalStateException("thrown on purpose");
        });
    await().until(() -> heard.equals(List.of("(none)")));
    consul.api().put(KEY, "one");
    await().until(() -> heard.equals(List.of("(none)", "one")));
    consul.api().delete(KEY);
    await().until(() -> heard.equals(List.of("(none)", "one", "(none)")));
    assertThat(registry.get("relay.config.listener.failures").counter().count()).isEqualTo(3);
  }

  @Test
  void aMissingKeyIsWatchedNotPolled() throws Exception {
    watch(reading -> heard.add(text(reading)));
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(5))
        .until(() -> heard.size() <= 1);
    // One at once, then one a second, as long as a query waits.
    assertThat(registry.get("relay.config.reads").tag("key", KEY).counter().count())
        .isBetween(2.0, 7.0);
  }

  @Test
  void otherKeysAreNotHeard() throws Exception {
    watch(reading -> heard.add(text(reading)));
    consul.api().put(KEY, "one");
    await().until(() -> heard.contains("one"));
    int before = heard.size();
    for (int i = 0; i < 50; i++) {
      consul.api().put("other/" + i, "x");
    }
    consul.api().put(KEY, "two");
    await().until(() -> heard.contains("two"));
    assertThat(heard).hasSize(before + 1);
  }

  @Test
  void closeIsTheEnd() throws Exception {
    ConsulKeyWatch watch = watch(reading -> heard.add(text(reading)));
    await().until(() -> heard.size() == 1);
    vertx.runOnContext(none -> watch.close());
    vertx.runOnContext(none -> watch.wake());
    ConsulFixture.get(vertx.executeBlocking(() -> true));
    consul.api().put(KEY, "one");
    await().during(Duration.ofMillis(500)).until(() -> heard.size() == 1);
  }

  @Test
  void aBurstIsFreeAndThenEachWaitsItsTurn() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000); // a nano clock may overflow
    RequestPace pace = new RequestPace(timing(now::get, 0.5));
    assertThat(LongStream.generate(pace::takeMillis).limit(23).toArray())
        .startsWith(new long[20])
        .endsWith(0, 20, 40, 60);
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(pace.takeMillis()).isZero();
  }

  private ConsulKeyWatch watch(ConsulKeyWatch.Listener listener) {
    ConsulKeyWatch watch =
        new ConsulKeyWatch(
            vertx, kv, KEY, WatchTiming.standard(), metrics, listener, failure -> {});
    vertx.runOnContext(none -> watch.start());
    return watch;
  }

  private static String text(KeyReading reading) {
    return reading.isPresent() ? new String(reading.bytes(), StandardCharsets.UTF_8) : "(none)";
  }

  private static WatchTiming timing(LongSupplier clock, double fraction) {
    WatchTiming standard = WatchTiming.standard();
    return new WatchTiming(
        standard.firstRetry(),
        standard.longestRetry(),
        standard.burst(),
        standard.pace(),
        standard.margin(),
        standard.heartbeat(),
        standard.probe(),
        standard.probeTimeout(),
        clock,
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return 0;
          }

          @Override
          public double nextDouble(double from, double to) {
            return from + (to - from) * fraction;
          }
        });
  }
}
