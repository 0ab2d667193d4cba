package io.aliecs.relay.lab.verify;

import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.verify.check.CheckResult;
import io.aliecs.relay.lab.verify.check.DeliveryChecker;
import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.ReadRecord;
import io.aliecs.relay.lab.verify.check.adoption.AdoptionChecker;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.ExpectedRepeats;
import io.aliecs.relay.lab.verify.fault.FaultInjector;
import io.aliecs.relay.lab.verify.hosts.RelayProcess;
import io.aliecs.relay.lab.verify.load.ScriptedLives;
import io.aliecs.relay.lab.verify.plan.Fault;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import io.aliecs.relay.lab.verify.site.TestBed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Rounds of load and fault, then the comparison of what happened with what Kafka holds. */
public final class Verification {
  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(90);
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(2);

  /** AliECS's run events wait for a second; what they would cause comes after that. */
  private static final long RUN_GRACE_MS = 1_500;

  private final VerifyOptions options;
  private final Consumer<String> progress;
  private final Runnable roundDone;
  private final Random random;
  private final List<Long> recoveries = new ArrayList<>();
  private final List<String> mishaps = new ArrayList<>();

  private Verification(VerifyOptions options, Consumer<String> progress, Runnable roundDone) {
    this.options = options;
    this.progress = progress;
    this.roundDone = roundDone;
    this.random = new Random(options.seed());
  }

  /**
   * Runs it, for as long as it takes.
   *
   * @param progress receives a line for each round
   * @param roundDone run behind each round
   * @throws Exception when there is no verdict: something did not start, or was not drained
   */
  static FaultResult run(VerifyOptions options, Consumer<String> progress, Runnable roundDone)
      throws Exception {
    return new Verification(options, progress, roundDone).run();
  }

  /**
   * Runs it for its times.
   *
   * @return how long each recovery took, s
   * @throws IllegalStateException when it was not exact
   */
  public static Samples recoveries(VerifyOptions options) throws Exception {
    FaultResult verdict = run(options, System.out::println, () -> {});
    if (!verdict.isClean()) {
      throw new IllegalStateException("not exact: " + verdict.line());
    }
    return verdict.times();
  }

  private FaultResult run() throws Exception {
    try (TestBed bed = TestBed.start(options)) {
      FaultInjector injector = new FaultInjector(bed, options, random, progress);
      for (int round = 1; round <= options.rounds(); round++) {
        TimeUnit.MILLISECONDS.sleep(
            100 + (long) (random.nextDouble() * options.duration() * 1_000));
        round(bed, injector, round);
        roundDone.run();
      }
      return judge(bed, injector);
    }
  }

  private void round(TestBed bed, FaultInjector injector, int round)
      throws IOException, InterruptedException {
    long since = injector.inject();
    Duration limit = RECOVERY_LIMIT.plusMillis((long) (options.outage() * 1_000));
    boolean recovered = Await.until(limit, () -> bed.newestCommitted() >= since);
    long took = System.currentTimeMillis() - since;
    progress.accept("round " + round + ": " + took + " ms" + (recovered ? "" : ", not recovered"));
    if (recovered) {
      recoveries.add(took);
    } else {
      mishaps.add("round " + round + ": nothing published for " + limit);
    }
    injector.recover();
    for (RelayProcess host : bed.hosts().all()) {
      if (!host.isAlive()) {
        mishaps.add("round " + round + ": the relay has ended; see " + host.log());
        host.start();
      }
    }
  }

  private FaultResult judge(TestBed bed, FaultInjector injector)
      throws InterruptedException, IOException {
    ScriptedLives.Step last = bed.load().marker();
    bed.load().finish();
    ExpectedRepeats repeats = bed.endResends();
    drain(bed, last.environmentId());
    ExpectedLoad load =
        new ExpectedLoad(
            bed.load().changes(), injector.offPeriods(), options.fault().repeats(), repeats);
    List<ReadRecord> committed = bed.records(Isolation.READ_COMMITTED);
    List<ReadRecord> uncommitted = bed.records(Isolation.READ_UNCOMMITTED);
    CheckResult report =
        options.fault() == Fault.LOSE_EVENTS
            ? AdoptionChecker.check(load, committed, uncommitted)
            : DeliveryChecker.check(load, committed, uncommitted);
    mishaps.addAll(injector.mishaps());
    if (!report.isClean()) {
      write("findings.txt", report.findings().stream());
      write("changes.txt", load.changes().stream());
      write("off-periods.txt", load.offPeriods().stream());
      write("repeats.txt", Stream.of(repeats));
      write("committed.txt", committed.stream());
      write("uncommitted.txt", uncommitted.stream());
    }
    return new FaultResult(options.fault(), options.rounds(), report, recoveries, mishaps);
  }

  private void drain(TestBed bed, String last) throws InterruptedException {
    RelayProcess relay = bed.hosts().leader();
    String log = "; see " + relay.log();
    Await.need(DRAIN_LIMIT, "relay takes the last change" + log, () -> relay.knows(last));
    TimeUnit.MILLISECONDS.sleep(RUN_GRACE_MS);
    Await.need(
        DRAIN_LIMIT,
        "relay_outbox_entries 0" + log,
        () -> relay.metric("relay_outbox_entries").orElse(-1) == 0);
    TimeUnit.MILLISECONDS.sleep(RUN_GRACE_MS);
    Await.need(DRAIN_LIMIT, "everything is read", bed::isReadToEnd);
  }

  private void write(String name, Stream<?> lines) throws IOException {
    Path file = options.data().resolve(name);
    Files.write(file, lines.map(this::oneLine).toList());
  }

  private String oneLine(Object value) {
    return value.toString().replace('\n', ' ');
  }
}
