package io.aliecs.relay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.testkit.KafkaClients;
import io.aliecs.relay.testkit.PortTakenException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class EmbeddedKafkaTest {
  @TempDir Path dir;

  @Test
  void keepsItsDataAndClusterIdWhenRestartedOnTheSamePort() throws Exception {
    int port;
    String clusterId;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
      port = kafka.port();
      assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      clusterId = KafkaClients.clusterId(kafka.bootstrapServers());
      KafkaClients.createTopic(kafka.bootstrapServers(), "kept");
      KafkaClients.send(kafka.bootstrapServers(), "kept", List.of("one", "two"));
    }

    try (EmbeddedKafka again = EmbeddedKafka.start(dir, port)) {
      assertThat(again.port()).isEqualTo(port);
      assertThat(KafkaClients.clusterId(again.bootstrapServers())).isEqualTo(clusterId);
      assertThat(KafkaClients.read(again.bootstrapServers(), "kept", 2))
          .containsExactly("one", "two");
    }
  }

  @Test
  void carriesTransactions() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
      KafkaClients.createTopic(kafka.bootstrapServers(), "exact");
      try (var producer =
          KafkaClients.producer(kafka.bootstrapServers(), Map.of("transactional.id", "t"))) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("exact", "aborted")).get();
        producer.abortTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("exact", "committed")).get();
        producer.commitTransaction();
      }
      assertThat(KafkaClients.read(kafka.bootstrapServers(), "exact", 1))
          .containsExactly("committed");
    }
  }

  @Test
  void createsNoTopicOnItsOwn() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0);
        var producer =
            KafkaClients.producer(kafka.bootstrapServers(), Map.of("max.block.ms", "500"))) {
      assertThatThrownBy(() -> producer.send(new ProducerRecord<>("absent", "x")).get())
          .isInstanceOfAny(
              ExecutionException.class, org.apache.kafka.common.errors.TimeoutException.class);
      try (Admin admin = KafkaClients.admin(kafka.bootstrapServers())) {
        assertThatThrownBy(() -> admin.describeTopics(List.of("absent")).allTopicNames().get())
            .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
      }
    }
  }

  @Test
  void saysWhichPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedKafka.start(dir, taken.getLocalPort()))
          .isInstanceOf(PortTakenException.class)
          .hasMessage(
              "port %d on 127.0.0.1 is taken (expected: a free one; stop what listens there or"
                  + " choose another)",
              taken.getLocalPort());
    }
  }

  @Test
  void refusesADataDirectoryInUseAndLeavesItsOwnerAlone() throws Exception {
    try (EmbeddedKafka first = EmbeddedKafka.start(dir, 0)) {
      assertThatThrownBy(() -> EmbeddedKafka.start(dir, 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "%s: in use by another Kafka (expected: a data directory that no other uses)", dir);
      KafkaClients.createTopic(first.bootstrapServers(), "unharmed");
    }
  }

  @Test
  void takesOverrides() throws Exception {
    var options = KafkaOptions.in(dir).with("message.max.bytes", "1000");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
      KafkaClients.createTopic(kafka.bootstrapServers(), "small");
      assertThatThrownBy(
              () ->
                  KafkaClients.send(kafka.bootstrapServers(), "small", List.of("x".repeat(2_000))))
          .hasCauseInstanceOf(org.apache.kafka.common.errors.RecordTooLargeException.class);
    }
  }
}
