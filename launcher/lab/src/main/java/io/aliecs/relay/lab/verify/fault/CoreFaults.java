package io.aliecs.relay.lab.verify.fault;

import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.verify.check.adoption.CoreTruth;
import io.aliecs.relay.lab.verify.hosts.RelayProcess;
import io.aliecs.relay.lab.verify.load.StreamLoss;
import io.aliecs.relay.lab.verify.site.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Damage to AliECS and to what it writes. For one thread at a time. */
final class CoreFaults {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final TestBed bed;
  private final Random random;
  private final List<String> mishaps;

  /**
   * @param mishaps to which is added what goes wrong besides the messages
   */
  CoreFaults(TestBed bed, Random random, List<String> mishaps) {
    this.mishaps = mishaps;
    this.bed = bed;
    this.random = random;
  }

  /**
   * The core dies and a new one starts, with environments of its own once it has; returns when that
   * started, ms since epoch.
   */
  long restart() throws InterruptedException {
    bed.load().crash();
    // A core takes longer to start than the relay to read what the one before has written.
    String last = bed.load().marker().environmentId();
    RelayProcess relay = bed.relay();
    Await.need(LIMIT, "relay takes " + last, () -> relay.knows(last));
    FaultInjector.pause(random, 10, 2_010);
    long since = bed.load().startCore();
    if (!Await.until(LIMIT, () -> relay.environments().map(List::isEmpty).orElse(false))) {
      mishaps.add("still tracked " + LIMIT + " after the core's start: " + relay.environments());
    }
    bed.load().resume();
    return since;
  }

  /**
   * The stream loses events for a while, and then what is shown and listed must become what the
   * core has; returns when no more was lost, ms since epoch.
   */
  long loseEvents() throws InterruptedException {
    bed.load().through(new StreamLoss(new Random(random.nextLong())));
    FaultInjector.pause(random, 1_000, 4_000);
    bed.load().pause();
    bed.load().through(events -> events);
    long since = System.currentTimeMillis();
    CoreTruth truth = CoreTruth.of(bed.core().environments().values());
    RelayProcess relay = bed.relay();
    boolean agreed =
        Await.until(
            LIMIT,
            () ->
                truth.differences(relay.environments()).isEmpty()
                    && truth.differencesOfList(bed.newestList()).isEmpty());
    if (!agreed) {
      mishaps.add(
          "not what the core has, "
              + LIMIT
              + " after the last event was lost: shown "
              + truth.differences(relay.environments())
              + ", listed "
              + truth.differencesOfList(bed.newestList()));
    }
    bed.load().resume();
    return since;
  }
}
