package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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
      create(admin, missing, Duration.ofMillis(REACH_MILLIS));
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

  /**
   * Creates these and waits until they can be written to: a broker that refuses the first batch of
   * a producer and takes the second one refuses the first for ever.
   *
   * @param limit of each of both
   */
  public static void create(Admin admin, List<NewTopic> topics, Duration limit)
      throws ExecutionException, InterruptedException, TimeoutException {
    admin.createTopics(topics).all().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    admin.listOffsets(ends).all().get(limit.toMillis(), TimeUnit.MILLISECONDS);
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
