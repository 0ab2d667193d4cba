package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a transition spends the processor's time between its sender and Kafka, with few and many
 * senders. Journal and publisher of one host or of several are in this process, the broker is not.
 * Adds a line for each part and number of senders to {@code profile.csv}.
 */
public final class ProfileBench {
  private static final int WARM_UP = 20_000;

  private ProfileBench() {}

  /**
   * Runs it.
   *
   * @param numbers of senders at once
   * @param changes to measure, for each number of senders; of one sender a tenth
   * @param hosts control hosts, in this process
   */
  public static void run(Path history, List<Integer> numbers, int changes, int hosts)
      throws Exception {
    Path folder = Files.createTempDirectory("profile-bench");
    History lines = new History(history, "profile");
    try (KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"), 0);
        BenchHost host =
            BenchHost.start(folder.resolve("journals"), kafka.bootstrapServers(), hosts);
        CommittedReader reader =
            CommittedReader.start(kafka.bootstrapServers(), Topics.published());
        BareProducer bare = new BareProducer(kafka.bootstrapServers())) {
      Workload work = new Workload(host, reader, bare);
      work.rate(100, WARM_UP);
      for (int senders : numbers) {
        int all = senders == 1 ? changes / 10 : changes;
        List<Double> rate = new ArrayList<>();
        Map<String, Double> ms = ProcessorTime.of(() -> rate.add(work.rate(senders, all)));
        report(lines, hosts, senders, all, rate.get(0), ms);
      }
    }
  }

  private static void report(
      History lines, int hosts, int senders, int changes, double rate, Map<String, Double> ms)
      throws Exception {
    double relay =
        ms.entrySet().stream()
            .filter(part -> !part.getKey().equals(ProcessorTime.HARNESS))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    for (Map.Entry<String, Double> part : ms.entrySet()) {
      boolean harness = part.getKey().equals(ProcessorTime.HARNESS);
      lines.add(
          List.of("hosts", "senders", "changes_per_s", "part", "us_per_change", "share"),
          List.of(
              "" + hosts,
              "" + senders,
              Latencies.text(rate),
              part.getKey(),
              Latencies.text(part.getValue() * 1e3 / changes),
              harness ? "" : Latencies.text(part.getValue() / relay)));
    }
  }
}
