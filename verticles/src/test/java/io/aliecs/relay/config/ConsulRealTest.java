package io.aliecs.relay.config;

import static io.aliecs.relay.config.ConsulFixture.KAFKA_ENABLED;
import static io.aliecs.relay.config.ConsulFixture.SETTINGS;
import static io.aliecs.relay.config.ConsulFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.dev.ConsulProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First slice. */
class ConsulRealTest {
  @TempDir Path folder;

  @Test
  void putIsInForceSoon() throws Exception {
    try (ConsulProcess consul = ConsulProcess.inMemory(folder);
        ConsulFixture relay = new ConsulFixture(ConsulFixture.at(consul.port()))) {
      consul.put(SETTINGS, yaml("a:1"));
      consul.put(KAFKA_ENABLED, "true");
      System.out.println(relay.awaitBrokers(Duration.ofSeconds(5), "a:1"));
      for (int i = 0; i < 10; i++) {
        consul.put(SETTINGS, yaml("a:" + (100 + i)));
        System.out.println(relay.awaitBrokers(Duration.ofSeconds(5), "a:" + (100 + i)));
      }
      assertThat(relay.inForce().pluginEnabled()).isTrue();
      System.out.println(relay.status());
    }
  }
}
