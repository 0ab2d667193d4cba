package io.aliecs.relay.lab.verify.fault;

import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.verify.expected.OffPeriod;
import io.aliecs.relay.lab.verify.hosts.RelayProcess;
import io.aliecs.relay.lab.verify.load.ScriptedLives;
import io.aliecs.relay.lab.verify.plan.Fault;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import io.aliecs.relay.lab.verify.site.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Does the damage, each time a little differently. For one thread at a time. */
public final class FaultInjector {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** 100 ms each way, and 3 Mbit/s. */
  private static final Duration SLOW_DELAY = Duration.ofMillis(100);

  private static final long SLOW_BYTES_PER_SECOND = 3_000_000 / 8;

  private final TestBed bed;
  private final Fault fault;
  private final Random random;
  private final Outage outage;
  private final ClusterFaults cluster;
  private final CoreFaults core;
  private final List<OffPeriod> offPeriods = new ArrayList<>();
  private final List<String> mishaps = new ArrayList<>();
  private boolean moved;

  public FaultInjector(
      TestBed bed, VerifyOptions options, Random random, Consumer<String> progress) {
    this.bed = bed;
    this.fault = options.fault();
    this.random = random;
    this.cluster = new ClusterFaults(bed.hosts(), fault, random, mishaps);
    this.core = new CoreFaults(bed, random, mishaps);
    Duration away = Duration.ofMillis((long) (options.outage() * 1_000));
    this.outage = new Outage(bed, away, progress, mishaps);
  }

  /** Breaks something and repairs it; returns when the repair began, ms since epoch. */
  public long inject() throws IOException, InterruptedException {
    return switch (fault) {
      case NONE -> System.currentTimeMillis();
      case KILL_RELAY -> killRelay();
      case STOP_RELAY -> stopRelay();
      case KILL_KAFKA -> killKafka();
      case SUSPEND_KAFKA -> suspendKafka();
      case OUTAGE -> outage.run();
      case SLOW_KAFKA -> slowKafka();
      case CUT_KAFKA -> cutKafka();
      case TOGGLE -> toggle(false);
      case MOVE -> move();
      case KILL_TOGGLE -> toggle(true);
      case KILL_MOVE -> killMove();
      case STEP_CLOCK -> stepClock();
      case RESTART_CORE -> core.restart();
      case LOSE_EVENTS -> core.loseEvents();
      default -> cluster.inject();
    };
  }

  /** Repairs what is repaired only after messages flow again; returns when all is whole. */
  public void recover() throws IOException, InterruptedException {
    if (fault.hosts() > 1) {
      cluster.recover();
    }
  }

  /** When publishing was off. */
  public List<OffPeriod> offPeriods() {
    return List.copyOf(offPeriods);
  }

  /** What went wrong besides the messages. */
  public List<String> mishaps() {
    return List.copyOf(mishaps);
  }

  private long killRelay() throws IOException, InterruptedException {
    bed.relay().kill();
    while (random.nextInt(3) == 0) {
      // Killed again while it starts: replaying, electing, taking over, catching up.
      bed.relay().start();
      pause(500, 4_000);
      bed.relay().kill();
    }
    long since = System.currentTimeMillis();
    bed.relay().start();
    return since;
  }

  private long stopRelay() throws IOException, InterruptedException {
    int code = bed.relay().stop();
    if (code != 0) {
      mishaps.add("exit code " + code + " on SIGTERM (expected: 0)");
    }
    long since = System.currentTimeMillis();
    bed.relay().start();
    return since;
  }

  private long killKafka() throws InterruptedException {
    bed.broker().process().kill();
    pause(0, random.nextInt(4) == 0 ? 20_000 : 4_000);
    bed.broker().process().restart();
    return System.currentTimeMillis();
  }

  private long suspendKafka() throws InterruptedException {
    bed.broker().process().suspend();
    int longest = List.of(1_000, 7_000, 18_000, 35_000).get(random.nextInt(4));
    pause(longest / 4, longest);
    long since = System.currentTimeMillis();
    bed.broker().process().resume();
    return since;
  }

  /** What is seen of it while it lasts must flow too. */
  private long slowKafka() throws InterruptedException {
    bed.broker().proxy().delay(SLOW_DELAY);
    bed.broker().proxy().throttle(SLOW_BYTES_PER_SECOND);
    long slowSince = System.currentTimeMillis();
    pause(1_000, 10_000);
    if (!Await.until(LIMIT, () -> bed.newestCommitted() >= slowSince)) {
      mishaps.add("nothing of the last " + LIMIT + " was published over the slow wire");
    }
    long since = System.currentTimeMillis();
    bed.broker().proxy().heal();
    return since;
  }

  private long cutKafka() throws InterruptedException {
    switch (random.nextInt(3)) {
      case 0 -> {
        for (int cuts = 1 + random.nextInt(5); cuts > 0; cuts--) {
          bed.broker().proxy().cut();
          pause(0, 300);
        }
      }
      case 1 -> {
        bed.broker().proxy().refuse();
        pause(0, 8_000);
      }
      default -> {
        bed.broker().proxy().halfOpen();
        pause(0, 20_000);
      }
    }
    long since = System.currentTimeMillis();
    bed.broker().proxy().heal();
    return since;
  }

  /** Turns publishing off and on, and the relay may be killed meanwhile. */
  private long toggle(boolean killing) throws IOException, InterruptedException {
    long on = applied();
    bed.consul().turnOff(bed.broker());
    if (killing) {
      killSoon();
    }
    awaitPlugin(0);
    long off = bed.load().lastOrder();
    pause(0, random.nextBoolean() ? 100 : 3_000);
    long stillOff = Math.max(off, applied());
    long since = System.currentTimeMillis();
    bed.consul().turnOn(bed.broker());
    if (killing) {
      killSoon();
    }
    awaitPlugin(1);
    offPeriods.add(new OffPeriod(on, off, stillOff, bed.load().lastOrder(), since));
    return since;
  }

  /** Order of a change that the relay has taken, of just now. */
  private long applied() throws InterruptedException {
    ScriptedLives.Step marker = bed.load().marker();
    RelayProcess relay = bed.relay();
    Await.need(
        LIMIT, "relay takes " + marker.environmentId(), () -> relay.knows(marker.environmentId()));
    return marker.lastOrder();
  }

  private void awaitPlugin(double value) throws InterruptedException {
    RelayProcess relay = bed.relay();
    Await.need(
        LIMIT,
        "relay_plugin_enabled " + value,
        () -> relay.metric("relay_plugin_enabled").orElse(-1) == value);
  }

  private long move() throws IOException {
    moved = !moved;
    long since = System.currentTimeMillis();
    bed.consul().turnOn(moved ? bed.other() : bed.broker());
    return since;
  }

  private long killMove() throws IOException, InterruptedException {
    move();
    killSoon();
    return System.currentTimeMillis();
  }

  /** Whatever has just begun is under way, or over, or not noticed yet. */
  private void killSoon() throws IOException, InterruptedException {
    pause(0, 400);
    bed.relay().kill();
    bed.relay().start();
  }

  private long stepClock() throws IOException, InterruptedException {
    boolean away = random.nextBoolean();
    if (away) {
      bed.broker().process().kill();
      pause(0, 2_000);
    }
    bed.clock().step(Duration.ofHours(random.nextBoolean() ? 1 : -1));
    pause(0, 3_000);
    if (away) {
      bed.broker().process().restart();
    }
    return System.currentTimeMillis();
  }

  private void pause(int atLeastMillis, int atMostMillis) throws InterruptedException {
    pause(random, atLeastMillis, atMostMillis);
  }

  /** Waits for a while, each time another. */
  static void pause(Random random, int atLeastMillis, int atMostMillis)
      throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(
        atLeastMillis + random.nextInt(Math.max(1, atMostMillis - atLeastMillis)));
  }
}
