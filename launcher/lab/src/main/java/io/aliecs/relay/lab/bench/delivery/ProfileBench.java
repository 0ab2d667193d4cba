package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.lab.bench.figures.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a transition spends the processor's time between its sender and Kafka, with few and many
 * senders, as the Java Flight Recorder samples it: each sample counts for what its stack is nearest
 * to. Journal and publisher of one host or of several are in this process, the broker is not. Adds
 * a line for each part and number of senders to {@code profile.csv}.
 */
public final class ProfileBench {
  private static final int[] SENDERS = {1, 100, 1_000};
  private static final int WARM_UP = 20_000;
  private static final Duration PERIOD = Duration.ofMillis(5);
  private static final String SAMPLE = "jdk.ExecutionSample";

  /** Whatever else runs in this process: it is of the harness, not of the relay. */
  private static final String HARNESS = "harness";

  private static final String REST = "other";
  private static final String GENERATED = "io.aliecs.relay.proto.";

  /** Which package is what, the first that fits. */
  private static final List<Map.Entry<String, String>> PARTS =
      List.of(
          Map.entry("io.aliecs.relay.lab.", HARNESS),
          Map.entry("io.aliecs.relay.journal.codec.", "entries to bytes and back"),
          Map.entry("org.apache.ratis.", "Ratis"),
          Map.entry("org.apache.kafka.", "Kafka's producer"),
          Map.entry("io.aliecs.relay.publisher.", "records"),
          Map.entry("io.aliecs.relay.domain.", "rules"),
          Map.entry("org.pcollections.", "rules"),
          Map.entry("io.aliecs.relay.", "verticles and journal"),
          Map.entry("io.vertx.", "Vert.x"),
          Map.entry("io.netty.", "Vert.x"));

  private ProfileBench() {}

  /**
   * Runs it.
   *
   * @param changes to measure, for each number of senders; of one sender a tenth
   * @param hosts control hosts, in this process
   */
  public static void run(Path history, int changes, int hosts) throws Exception {
    History lines = new History(history, "profile");
    Path recorded = Files.createTempFile("bench", ".jfr");
    try (Workload work = new Workload(hosts)) {
      work.rate(100, WARM_UP);
      for (int senders : SENDERS) {
        int all = senders == 1 ? changes / 10 : changes;
        try (Recording recording = new Recording()) {
          recording.enable(SAMPLE).withPeriod(PERIOD);
          recording.start();
          double rate = work.rate(senders, all);
          recording.stop();
          recording.dump(recorded);
          report(lines, hosts, senders, all, rate, times(recorded));
        }
      }
    } finally {
      Files.delete(recorded);
    }
  }

  private static void report(
      History lines, int hosts, int senders, int changes, double rate, Map<String, Double> ms)
      throws Exception {
    double all = ms.values().stream().mapToDouble(part -> part).sum();
    double relay = all - ms.getOrDefault(HARNESS, 0.0);
    for (Map.Entry<String, Double> part : ms.entrySet()) {
      boolean harness = part.getKey().equals(HARNESS);
      lines
          .line()
          .with("hosts", hosts)
          .with("senders", senders)
          .with("changes_per_s", rate)
          .with("part", part.getKey())
          .with("us_per_change", part.getValue() * 1e3 / changes)
          .with("share", harness ? "" : History.text(part.getValue() / relay))
          .add();
    }
  }

  /** The processor's time of each part, ms, in the order of a table. */
  private static Map<String, Double> times(Path recorded) throws IOException {
    Map<String, Double> times = new LinkedHashMap<>();
    PARTS.forEach(part -> times.put(part.getValue(), 0.0));
    times.put(REST, 0.0);
    try (RecordingFile samples = new RecordingFile(recorded)) {
      while (samples.hasMoreEvents()) {
        RecordedEvent sample = samples.readEvent();
        if (sample.getEventType().getName().equals(SAMPLE) && sample.getStackTrace() != null) {
          times.merge(part(sample), (double) PERIOD.toMillis(), Double::sum);
        }
      }
    }
    return times;
  }

  private static String part(RecordedEvent sample) {
    RecordedThread thread = sample.getThread("sampledThread");
    if (thread != null && CommittedReader.THREAD.equals(thread.getJavaName())) {
      return HARNESS;
    }
    for (RecordedFrame frame : sample.getStackTrace().getFrames()) {
      String name = frame.getMethod().getType().getName();
      if (name.startsWith(GENERATED)) {
        continue; // counts for whom the message is made
      }
      for (Map.Entry<String, String> one : PARTS) {
        if (name.startsWith(one.getKey())) {
          return one.getValue();
        }
      }
    }
    return REST;
  }
}
