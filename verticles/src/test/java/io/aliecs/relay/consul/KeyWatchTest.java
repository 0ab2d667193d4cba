package io.aliecs.relay.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.testkit.junit.SharedConsul;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One watch on one key of a real Consul. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class KeyWatchTest {

  private static final String KEY = ConsulOptions.SETTINGS_KEY;

  @RegisterExtension static final SharedConsul consul = new SharedConsul();

  private Vertx vertx;
  private ConsulAgents agents;
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private final List<ConsulException.Reason> failures = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    agents = new ConsulAgents(vertx, TestOptions.consul(consul.port()));
  }

  @Test
  void aWriteAndADeletionAreReportedOnceEach() throws Exception {
    watch(changes::incrementAndGet);
    await().until(() -> changes.get() == 1); // it is missing
    consul.api().put(KEY, "one");
    await().until(() -> changes.get() == 2);
    consul.api().delete(KEY);
    await().until(() -> changes.get() == 3);
    assertThat(failures).isEmpty();
  }

  @Test
  void aListenerThatThrowsIsReportedAndTheWatchGoesOn() throws Exception {
    watch(
        () -> {
          changes.incrementAndGet();
          throw new IllegalStateException("thrown on purpose");
        });
    await().until(() -> changes.get() == 1);
    consul.api().put(KEY, "one");
    await().until(() -> changes.get() == 2);
    consul.api().delete(KEY);
    await().until(() -> changes.get() == 3);
    assertThat(failures).hasSize(3).containsOnly(ConsulException.Reason.GARBAGE);
  }

  @Test
  void aMissingKeyIsPolledOnceASecond() throws Exception {
    watch(changes::incrementAndGet);
    await().until(() -> changes.get() == 1);
    long start = System.nanoTime();
    int before = answers.get();
    await().atMost(Duration.ofSeconds(60)).until(() -> answers.get() >= before + 3);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
    assertThat(changes).hasValue(1);
  }

  @Test
  void otherKeysAreNotReported() throws Exception {
    consul.api().put(KEY, "one");
    watch(changes::incrementAndGet);
    await().until(() -> changes.get() == 1);
    for (int i = 0; i < 50; i++) {
      consul.api().put("other/" + i, "x");
    }
    consul.api().put(KEY, "two");
    await().until(() -> changes.get() == 2);
    await().during(Duration.ofMillis(200)).until(() -> changes.get() == 2);
  }

  @Test
  void closeIsTheEnd() throws Exception {
    KeyWatch watch = watch(changes::incrementAndGet);
    await().until(() -> changes.get() == 1);
    vertx.runOnContext(none -> watch.close());
    vertx.runOnContext(none -> watch.wake());
    vertx.executeBlocking(() -> true).await();
    consul.api().put(KEY, "one");
    await().during(Duration.ofMillis(500)).until(() -> changes.get() == 1);
  }

  private KeyWatch watch(Runnable onChange) {
    KeyWatch watch =
        new KeyWatch(
            vertx,
            agents.access(),
            KEY,
            Duration.ofSeconds(1),
            onChange,
            failure -> {
              answers.incrementAndGet();
              if (failure != null) {
                failures.add(failure.reason());
              }
            });
    vertx.runOnContext(none -> watch.start());
    return watch;
  }
}
