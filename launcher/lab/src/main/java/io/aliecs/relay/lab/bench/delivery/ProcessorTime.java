package io.aliecs.relay.lab.bench.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * On what the processor's time of this process goes, as the Java Flight Recorder samples it: each
 * sample counts for what its stack is nearest to.
 */
final class ProcessorTime {
  private static final Duration PERIOD = Duration.ofMillis(5);
  private static final String SAMPLE = "jdk.ExecutionSample";

  /** Which package is what, the first that fits. */
  private static final Map<String, String> PARTS = parts();

  /** Whatever else runs in this process: it is of the harness, not of the relay. */
  static final String HARNESS = "harness";

  private static final String REST = "other";
  private static final String GENERATED = "io.aliecs.relay.proto.";

  private ProcessorTime() {}

  private static Map<String, String> parts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("io.aliecs.relay.lab.", HARNESS);
    parts.put("io.aliecs.relay.journal.codec.", "entries to bytes and back");
    parts.put("org.apache.ratis.", "Ratis");
    parts.put("org.apache.kafka.", "Kafka's producer");
    parts.put("io.aliecs.relay.publisher.", "records");
    parts.put("io.aliecs.relay.domain.", "rules");
    parts.put("org.pcollections.", "rules");
    parts.put("io.aliecs.relay.", "verticles and journal");
    parts.put("io.vertx.", "Vert.x");
    parts.put("io.netty.", "Vert.x");
    return parts;
  }

  /** All parts, in the order of a table. */
  static List<String> all() {
    List<String> all = new ArrayList<>(new LinkedHashSet<>(PARTS.values()));
    all.add(REST);
    return all;
  }

  /**
   * Runs something, and tells where the time went.
   *
   * @return the processor's time of each part, ms
   */
  static Map<String, Double> of(Callable<?> work) throws Exception {
    Path file = Files.createTempFile("bench", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(SAMPLE).withPeriod(PERIOD);
      recording.start();
      work.call();
      recording.stop();
      recording.dump(file);
      return read(file);
    } finally {
      Files.delete(file);
    }
  }

  private static Map<String, Double> read(Path file) throws IOException {
    Map<String, Double> times = new LinkedHashMap<>();
    all().forEach(part -> times.put(part, 0.0));
    try (RecordingFile samples = new RecordingFile(file)) {
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
    String thread =
        sample.getThread("sampledThread") == null
            ? ""
            : String.valueOf(sample.getThread("sampledThread").getJavaName());
    if (thread.equals(CommittedReader.THREAD)) {
      return HARNESS;
    }
    for (RecordedFrame frame : sample.getStackTrace().getFrames()) {
      String name = frame.getMethod().getType().getName();
      if (name.startsWith(GENERATED)) {
        continue; // counts for whom the message is made
      }
      for (Map.Entry<String, String> one : PARTS.entrySet()) {
        if (name.startsWith(one.getKey())) {
          return one.getValue();
        }
      }
    }
    return REST;
  }
}
