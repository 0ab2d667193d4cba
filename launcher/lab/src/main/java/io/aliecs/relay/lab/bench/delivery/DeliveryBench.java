package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delivery beside a bare transactional producer that writes the same records to the same broker, in
 * one run: from accepted to readable, the sender's wait with Kafka there and away, changes a
 * second, and what one change costs when more environments are tracked. The broker is a process of
 * its own.
 *
 * <p>Prints a line for each figure, and adds one to {@code delivery.csv}.
 */
public final class DeliveryBench {
  private static final int[] SENDERS = {1, 10, 100, 1_000};
  private static final int[] TRACKED = {10, 100, 1_000};
  private static final int MOST_TRACKED = 10_000;
  private static final int CHANGES = 100;
  private static final int WARM_UP = 300;

  private final List<Row> rows = new ArrayList<>();
  private final int thorough;
  private final String prefix;

  /**
   * A figure.
   *
   * @param ratio to the bare producer's, empty where there is none
   */
  private record Row(String name, String p50, String p99, String ratio) {}

  private DeliveryBench(int thorough, String prefix) {
    this.thorough = thorough;
    this.prefix = prefix;
  }

  /**
   * Runs it.
   *
   * @param thorough 1 for a first look (about a minute), 10 for figures to keep
   * @param hosts control hosts, in this process
   */
  public static void run(Path history, int thorough, int hosts) throws Exception {
    DeliveryBench bench = new DeliveryBench(thorough, hosts == 1 ? "" : hosts + " hosts: ");
    try (Workload work = new Workload(hosts)) {
      bench.run(work);
    }
    bench.report(new History(history, "delivery"));
  }

  private void run(Workload work) throws Exception {
    work.oneByOne(WARM_UP);
    work.bareOneByOne(WARM_UP);
    oneChange(work);
    for (int tracked : TRACKED) {
      tracked(work, tracked);
    }
    for (int senders : SENDERS) {
      rate(work, senders);
    }
    if (thorough >= 10) {
      tracked(work, MOST_TRACKED);
    }
    add("sender's wait at 100/s, Kafka there, ms", work.waits(100, 10 * thorough), null);
    work.kafka().kill();
    add("sender's wait at 100/s, Kafka away, ms", work.waits(100, 10 * thorough), null);
    work.kafka().restart();
    work.awaitDrained();
  }

  private void tracked(Workload work, int environments) throws Exception {
    work.track(environments);
    Workload.Times times = work.oneByOne(CHANGES * thorough);
    add("readable with " + environments + " tracked, ms", times.readable(), null);
  }

  private void oneChange(Workload work) throws Exception {
    Workload.Times relay = work.oneByOne(CHANGES * thorough);
    Samples bare = work.bareOneByOne(CHANGES * thorough);
    add("bare: sent to readable, ms", bare, null);
    add("accepted to readable, ms", relay.readable(), bare);
    add("sent to readable, ms", relay.sent(), bare);
    add("sender's wait one at a time, ms", relay.accepted(), null);
  }

  /** In turns, and of a thorough run the second half: by then both are as fast as they become. */
  private void rate(Workload work, int senders) throws Exception {
    int changes = Math.max(CHANGES, 10 * senders) * thorough;
    int rounds = thorough >= 10 ? 6 : 1;
    Samples relays = new Samples();
    Samples bares = new Samples();
    Samples ratios = new Samples();
    for (int round = 0; round < rounds; round++) {
      double relay = work.rate(senders, changes);
      double bare = work.bareRate(senders, changes);
      if (round >= rounds / 2) {
        relays.add(relay);
        bares.add(bare);
        ratios.add(relay / bare);
      }
    }
    String at = ", changes/s, " + senders + " at once";
    rows.add(new Row("bare" + at, median(bares), "", ""));
    rows.add(new Row("relay" + at, median(relays), "", median(ratios)));
  }

  private static String median(Samples figures) {
    return History.text(figures.quantile(0.5));
  }

  private void add(String name, Samples times, @Nullable Samples bare) {
    double p50 = times.quantile(0.5);
    double p99 = times.quantile(0.99);
    String ratio =
        bare == null
            ? ""
            : History.text(p50 / bare.quantile(0.5))
                + " "
                + History.text(p99 / bare.quantile(0.99));
    rows.add(new Row(name, History.text(p50), History.text(p99), ratio));
  }

  private void report(History history) throws Exception {
    System.out.println("| figure | p50 or rate | p99 | ratio to bare |\n|---|---|---|---|");
    for (Row row : rows) {
      System.out.printf(
          "| %s | %s | %s | %s |%n", prefix + row.name(), row.p50(), row.p99(), row.ratio());
    }
    for (Row row : rows) {
      history
          .line()
          .with("figure", (prefix + row.name()).replace(",", ""))
          .with("p50_or_rate", row.p50())
          .with("p99", row.p99())
          .with("ratio_to_bare", row.ratio())
          .add();
    }
  }
}
