package io.aliecs.relay.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.testkit.junit.SharedConsul;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One watch on one key of a real Consul, and the arithmetic of its paces. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class KeyWatchTest {

  private static final String KEY = ConsulOptions.SETTINGS_KEY;

  @RegisterExtension static final SharedConsul consul = new SharedConsul();

  private Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private ConsulAgents agents;
  private ConsulMetrics metrics;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    this.vertx = vertx;
    agents = new ConsulAgents(vertx, TestOptions.consul(consul.port()));
    metrics = new ConsulMetrics(registry, List.of(KEY));
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
  void aMissingKeyIsPolledOnceASecond() throws Exception {
    watch(reading -> heard.add(text(reading)));
    await().until(() -> heard.equals(List.of("(none)")));
    long start = System.nanoTime();
    double before = reads();
    await().atMost(Duration.ofSeconds(60)).until(() -> reads() >= before + 3);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
    assertThat(heard).hasSize(1);
  }

  private double reads() {
    return registry.get("relay.config.reads").tag("key", KEY).counter().count();
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
    KeyWatch watch = watch(reading -> heard.add(text(reading)));
    await().until(() -> heard.size() == 1);
    vertx.runOnContext(none -> watch.close());
    vertx.runOnContext(none -> watch.wake());
    vertx.executeBlocking(() -> true).await();
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

  private KeyWatch watch(Consumer<KeyReading> listener) {
    KeyWatch watch =
        new KeyWatch(
            vertx,
            agents.access(),
            KEY,
            Duration.ofSeconds(1),
            ConsulTiming.standard(),
            metrics,
            listener,
            failure -> {});
    vertx.runOnContext(none -> watch.start());
    return watch;
  }

  private static String text(KeyReading reading) {
    return reading.isPresent() ? new String(reading.bytes(), StandardCharsets.UTF_8) : "(none)";
  }

  private static ConsulTiming timing(LongSupplier clock, double fraction) {
    ConsulTiming standard = ConsulTiming.standard();
    return new ConsulTiming(
        standard.firstRetry(),
        standard.longestRetry(),
        standard.answer(),
        standard.margin(),
        standard.look(),
        standard.burst(),
        standard.pace(),
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
