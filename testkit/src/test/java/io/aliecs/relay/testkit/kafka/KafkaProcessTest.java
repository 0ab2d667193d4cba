package io.aliecs.relay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.testkit.KafkaClients;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class KafkaProcessTest {
  @TempDir Path dir;

  @Test
  void keepsWhatWasAcknowledgedOverKillAndStop() throws Exception {
    try (KafkaProcess kafka = KafkaProcess.start(dir, 0)) {
      String bootstrap = kafka.bootstrapServers();
      KafkaClients.createTopic(bootstrap, "kept");
      KafkaClients.send(bootstrap, "kept", List.of("before kill"));

      kafka.restart();
      assertThat(kafka.bootstrapServers()).isEqualTo(bootstrap);
      KafkaClients.send(bootstrap, "kept", List.of("before stop"));

      kafka.stop();
      assertThat(kafka.isAlive()).isFalse();
      kafka.restart();
      assertThat(KafkaClients.read(bootstrap, "kept", 2))
          .containsExactly("before kill", "before stop");
    }
  }

  @Test
  void isSilentWhileSuspended() throws Exception {
    try (KafkaProcess kafka = KafkaProcess.start(dir, 0)) {
      String bootstrap = kafka.bootstrapServers();
      kafka.suspend();
      assertThat(kafka.isAlive()).isTrue();
      CompletableFuture<String> clusterId = new CompletableFuture<>();
      Thread asking =
          new Thread(
              () -> {
                try {
                  clusterId.complete(KafkaClients.clusterId(bootstrap));
                } catch (Exception failed) {
                  clusterId.completeExceptionally(failed);
                }
              });
      asking.start();
      assertThatThrownBy(() -> clusterId.get(1, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);

      kafka.resume();
      assertThat(clusterId.get(60, TimeUnit.SECONDS)).isNotEmpty();
    }
  }

  @Test
  void saysWhyItDidNotStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> KafkaProcess.start(dir, port))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("port " + port + " on 127.0.0.1 is taken");
    }
  }
}
