package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics that AliECS writes its events to. */
public final class AliEcsTopics {
  private static final int REACH_MILLIS = 5_000;

  private AliEcsTopics() {}

  /**
   * Creates those that are missing. Blocks for some seconds at most.
   *
   * @param brokers as {@code host:port}, separated by commas
   * @throws IllegalStateException when the brokers cannot be reached or refuse
   */
  public static void create(String brokers, int partitions) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", brokers,
            "request.timeout.ms", 3_000,
            "default.api.timeout.ms", REACH_MILLIS);
    Admin admin = Admin.create(config);
    try {
      Set<String> existing = admin.listTopics().names().get(REACH_MILLIS, TimeUnit.MILLISECONDS);
      List<NewTopic> missing =
          Stream.concat(SimulatedEvent.SOURCE_TOPICS.stream(), ForeignEvents.topics().stream())
              .filter(topic -> !existing.contains(topic))
              .map(topic -> new NewTopic(topic, partitions, (short) -1))
              .toList();
      admin.createTopics(missing).all().get(REACH_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException refused) {
      if (!(refused.getCause() instanceof TopicExistsException)) {
        throw unreached(brokers, refused);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to " + brokers, interrupted);
    } finally {
      admin.close(Duration.ZERO); // by default it waits for what has no answer
    }
  }

  static IllegalStateException unreached(String brokers, Exception refused) {
    return new IllegalStateException(
        "cannot write to Kafka at "
            + brokers
            + ": "
            + reason(refused)
            + " (expected: a reachable broker as HOST:PORT)",
        refused);
  }

  private static String reason(Exception refused) {
    Throwable root = refused;
    for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    boolean late =
        root instanceof TimeoutException
            || root instanceof org.apache.kafka.common.errors.TimeoutException;
    return late || root.getMessage() == null
        ? "no answer within " + REACH_MILLIS / 1_000 + " s"
        : root.getMessage();
  }
}
