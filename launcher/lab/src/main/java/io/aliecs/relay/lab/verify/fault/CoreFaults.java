package io.aliecs.relay.lab.verify.fault;

import io.aliecs.relay.lab.verify.check.adoption.CoreTruth;
import io.aliecs.relay.lab.verify.hosts.Await;
import io.aliecs.relay.lab.verify.hosts.RelayProcess;
import io.aliecs.relay.lab.verify.load.StreamLoss;
import io.aliecs.relay.lab.verify.site.TestBed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Damage to AliECS and to what it writes. For one thread at a time. */
final class CoreFaults {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final TestBed bench;
  private final Random random;
  private final List<String> mishaps = new ArrayList<>();

  CoreFaults(TestBed bench, Random random) {
    this.bench = bench;
    this.random = random;
  }

  /** What went wrong besides the messages. */
  List<String> mishaps() {
    return List.copyOf(mishaps);
  }

  /**
   * The core dies and a new one starts, with environments of its own once it has; returns when that
   * started, ms since epoch.
   */
  long restart() throws InterruptedException {
    bench.load().crash();
    // A core takes longer to start than the relay to read what the one before has written.
    String last = bench.load().marker().environmentId();
    RelayProcess relay = bench.relay();
    Await.need(LIMIT, "relay takes " + last, () -> relay.knows(last));
    TimeUnit.MILLISECONDS.sleep(10 + random.nextInt(2_000));
    long since = bench.load().startCore();
    if (!Await.until(LIMIT, () -> relay.environments().map(List::isEmpty).orElse(false))) {
      mishaps.add("still tracked " + LIMIT + " after the core's start: " + relay.environments());
    }
    bench.load().resume();
    return since;
  }

  /**
   * The stream loses events for a while, and then what is shown and listed must become what the
   * core has; returns when no more was lost, ms since epoch.
   */
  long loseEvents() throws InterruptedException {
    bench.load().through(new StreamLoss(new Random(random.nextLong())));
    TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(3_000));
    bench.load().pause();
    bench.load().through(events -> events);
    long since = System.currentTimeMillis();
    CoreTruth truth = CoreTruth.of(bench.core().environments().values());
    RelayProcess relay = bench.relay();
    boolean agreed =
        Await.until(
            LIMIT,
            () ->
                truth.differences(relay.environments()).isEmpty()
                    && truth.differencesOfList(bench.newestList()).isEmpty());
    if (!agreed) {
      mishaps.add(
          "not what the core has, "
              + LIMIT
              + " after the last event was lost: shown "
              + truth.differences(relay.environments())
              + ", listed "
              + truth.differencesOfList(bench.newestList()));
    }
    bench.load().resume();
    return since;
  }
}
