package io.aliecs.relay.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.testkit.junit.SharedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class SimulationTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @Test
  void runsUntilClosedAndKeepsEachEnvironmentsOrder() throws Exception {
    SimulationOptions options =
        new SimulationOptions(kafka.bootstrapServers(), 3, 100, 0, 5, 0.2, 0.5, 600_000, 2);
    Simulation simulation = Simulation.start(options);
    await().atMost(Duration.ofSeconds(60)).until(() -> simulation.transitions() >= 200);
    simulation.close();
    long transitions = simulation.transitions();
    assertThat(simulation.await(Duration.ZERO)).isTrue();
    assertThat(simulation.failed()).isZero();

    Map<String, List<Long>> times = new HashMap<>();
    long read = read(times);
    assertThat(read).isEqualTo(simulation.acknowledged()).isGreaterThan(transitions);
    assertThat(times).hasSizeGreaterThan(3);
    times.values().forEach(stamps -> assertThat(stamps).isSorted());
  }

  @Test
  void keepsToItsRate() throws Exception {
    try (Simulation simulation =
        Simulation.start(
            new SimulationOptions(kafka.bootstrapServers(), 4, 50, 0, 5, 0, 0, 1, 1))) {
      long start = System.nanoTime();
      await().atMost(Duration.ofSeconds(60)).until(() -> simulation.transitions() >= 100);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(1_700), Duration.ofSeconds(20));
    }
  }

  @Test
  void saysWhichOptionIsWrong() {
    assertThatThrownBy(() -> new SimulationOptions("x:1", 0, 1, 0, 0, 0, 0, 1, 1))
        .hasMessage("environments: 0 (expected: 1 or more)");
    assertThatThrownBy(() -> new SimulationOptions("x:1", 1, 1, 0, 0, 1.5, 0, 1, 1))
        .hasMessage("failures: 1.5 (expected: 0 to 1)");
  }

  /** Reads all records; puts the event times of each environment in {@code times} by key. */
  private static long read(Map<String, List<Long>> times) throws Exception {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      List<String> topics = new ArrayList<>(SimulatedEvent.SOURCE_TOPICS);
      topics.addAll(ForeignEvents.topics());
      for (String topic : topics) {
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .forEach(partitions::add);
      }
      assertThat(partitions).hasSize(14);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long count = 0;
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          count++;
          Event event = Event.parseFrom(record.value());
          if (event.hasEnvironmentEvent()) {
            times
                .computeIfAbsent(record.key(), key -> new ArrayList<>())
                .add(event.getTimestampNano());
          }
        }
      }
      return count;
    }
  }
}
