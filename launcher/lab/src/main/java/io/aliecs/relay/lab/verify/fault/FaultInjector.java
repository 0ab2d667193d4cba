package io.aliecs.relay.lab.verify.fault;

import io.aliecs.relay.lab.verify.expected.OffPeriod;
import io.aliecs.relay.lab.verify.hosts.Await;
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
import java.util.stream.Stream;

/** Does the damage, each time a little differently. For one thread at a time. */
public final class FaultInjector {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** 100 ms each way, and 3 Mbit/s. */
  private static final Duration SLOW_DELAY = Duration.ofMillis(100);

  private static final long SLOW_BYTES_PER_SECOND = 3_000_000 / 8;

  private final TestBed bench;
  private final Fault fault;
  private final Random random;
  private final Outage outage;
  private final ClusterFaults cluster;
  private final CoreFaults core;
  private final List<OffPeriod> offPeriods = new ArrayList<>();
  private final List<String> mishaps = new ArrayList<>();
  private boolean moved;

  public FaultInjector(
      TestBed bench, VerifyOptions options, Random random, Consumer<String> progress) {
    this.bench = bench;
    this.fault = options.fault();
    this.random = random;
    this.cluster = new ClusterFaults(bench.hosts(), fault, random);
    this.core = new CoreFaults(bench, random);
    this.outage = new Outage(bench, Duration.ofMillis((long) (options.outage() * 1_000)), progress);
  }

  /** Breaks something and mends it; returns when mending began, ms since epoch. */
  public long inject() throws IOException, InterruptedException {
    return switch (fault) {
      case NONE -> System.currentTimeMillis();
      case KILL_RELAY -> killRelay();
      case STOP_RELAY -> stopRelay();
      case KILL_KAFKA -> killKafka();
      case SUSPEND_KAFKA -> suspendKafka();
      case OUTAGE -> outage();
      case SLOW_KAFKA -> slowKafka();
      case CUT_KAFKA -> cutKafka();
      case TOGGLE -> toggle();
      case MOVE -> move();
      case KILL_TOGGLE -> killToggle();
      case KILL_MOVE -> killMove();
      case STEP_CLOCK -> stepClock();
      case RESTART_CORE -> core.restart();
      case LOSE_EVENTS -> core.loseEvents();
      default -> cluster.inject();
    };
  }

  /** Mends what is mended only after messages flow again; returns when all is whole. */
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
    return Stream.of(mishaps, cluster.mishaps(), core.mishaps()).flatMap(List::stream).toList();
  }

  private long killRelay() throws IOException, InterruptedException {
    bench.relay().kill();
    while (random.nextInt(3) == 0) {
      // Killed again while it starts: replaying, electing, taking over, catching up.
      bench.relay().start();
      pause(500, 4_000);
      bench.relay().kill();
    }
    long since = System.currentTimeMillis();
    bench.relay().start();
    return since;
  }

  private long stopRelay() throws IOException, InterruptedException {
    int code = bench.relay().stop();
    if (code != 0) {
      mishaps.add("exit code " + code + " on SIGTERM (expected: 0)");
    }
    long since = System.currentTimeMillis();
    bench.relay().start();
    return since;
  }

  private long killKafka() throws InterruptedException {
    bench.broker().process().kill();
    pause(0, random.nextInt(4) == 0 ? 20_000 : 4_000);
    bench.broker().process().restart();
    return System.currentTimeMillis();
  }

  private long suspendKafka() throws InterruptedException {
    bench.broker().process().suspend();
    int longest = List.of(1_000, 7_000, 18_000, 35_000).get(random.nextInt(4));
    pause(longest / 4, longest);
    long since = System.currentTimeMillis();
    bench.broker().process().resume();
    return since;
  }

  private long outage() throws IOException, InterruptedException {
    long since = outage.run();
    mishaps.addAll(outage.mishaps());
    return since;
  }

  /** What is seen of it while it lasts must flow too. */
  private long slowKafka() throws InterruptedException {
    bench.broker().proxy().delay(SLOW_DELAY);
    bench.broker().proxy().throttle(SLOW_BYTES_PER_SECOND);
    long slowSince = System.currentTimeMillis();
    pause(1_000, 10_000);
    if (!Await.until(LIMIT, () -> bench.newestCommitted() >= slowSince)) {
      mishaps.add("nothing of the last " + LIMIT + " was published over the slow wire");
    }
    long since = System.currentTimeMillis();
    bench.broker().proxy().heal();
    return since;
  }

  private long cutKafka() throws InterruptedException {
    switch (random.nextInt(3)) {
      case 0 -> {
        for (int cuts = 1 + random.nextInt(5); cuts > 0; cuts--) {
          bench.broker().proxy().cut();
          pause(0, 300);
        }
      }
      case 1 -> {
        bench.broker().proxy().refuse();
        pause(0, 8_000);
      }
      default -> {
        bench.broker().proxy().halfOpen();
        pause(0, 20_000);
      }
    }
    long since = System.currentTimeMillis();
    bench.broker().proxy().heal();
    return since;
  }

  private long toggle() throws IOException, InterruptedException {
    long on = applied();
    bench.consul().turnOff(bench.broker());
    awaitPlugin(0);
    long off = bench.load().lastOrder();
    pause(0, random.nextBoolean() ? 100 : 3_000);
    long stillOff = Math.max(off, applied());
    long since = System.currentTimeMillis();
    bench.consul().turnOn(bench.broker());
    awaitPlugin(1);
    offPeriods.add(new OffPeriod(on, off, stillOff, bench.load().lastOrder(), since));
    return since;
  }

  /** Order of a change that the relay has taken, of just now. */
  private long applied() throws InterruptedException {
    ScriptedLives.Step marker = bench.load().marker();
    RelayProcess relay = bench.relay();
    Await.need(
        LIMIT, "relay takes " + marker.environmentId(), () -> relay.knows(marker.environmentId()));
    return marker.lastOrder();
  }

  private void awaitPlugin(double value) throws InterruptedException {
    RelayProcess relay = bench.relay();
    Await.need(
        LIMIT,
        "relay_plugin_enabled " + value,
        () -> relay.metric("relay_plugin_enabled").orElse(-1) == value);
  }

  private long move() throws IOException {
    moved = !moved;
    long since = System.currentTimeMillis();
    bench.consul().turnOn(moved ? bench.other() : bench.broker());
    return since;
  }

  private long killToggle() throws IOException, InterruptedException {
    long on = applied();
    bench.consul().turnOff(bench.broker());
    killSoon();
    awaitPlugin(0);
    long off = bench.load().lastOrder();
    long stillOff = Math.max(off, applied());
    long since = System.currentTimeMillis();
    bench.consul().turnOn(bench.broker());
    killSoon();
    awaitPlugin(1);
    offPeriods.add(new OffPeriod(on, off, stillOff, bench.load().lastOrder(), since));
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
    bench.relay().kill();
    bench.relay().start();
  }

  private long stepClock() throws IOException, InterruptedException {
    boolean away = random.nextBoolean();
    if (away) {
      bench.broker().process().kill();
      pause(0, 2_000);
    }
    bench.clock().step(Duration.ofHours(random.nextBoolean() ? 1 : -1));
    pause(0, 3_000);
    if (away) {
      bench.broker().process().restart();
    }
    return System.currentTimeMillis();
  }

  private void pause(int atLeastMillis, int atMostMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(
        atLeastMillis + random.nextInt(Math.max(1, atMostMillis - atLeastMillis)));
  }
}
