package io.aliecs.relay.config;

import static io.aliecs.relay.config.ConsulFixture.SETTINGS;
import static io.aliecs.relay.config.ConsulFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.aliecs.relay.testkit.consul.ConsulProgram;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real Consul that speaks TLS and wants a certificate of its clients. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class ConsulTlsTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Vertx vertx;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
  }

  @Test
  void bothSidesShowCertificates() throws Exception {
    tls("ca", "create");
    tls("cert", "create", "-server");
    tls("cert", "create", "-client");
    int port = FreePort.find();
    try (ConsulProcess consul =
        ConsulProcess.inMemory(folder.resolve("consul"), config(port, true))) {
      consul.api().put(SETTINGS, yaml("a:1"));
      Map<String, String> environment = new HashMap<>();
      environment.put("CONSUL_HTTP_ADDR", "https://127.0.0.1:" + port);
      assertRefused(environment); // its authority is not one that Java knows
      environment.put("CONSUL_CACERT", folder.resolve("consul-agent-ca.pem").toString());
      assertRefused(environment); // it wants a certificate
      environment.put("CONSUL_CLIENT_CERT", folder.resolve("dc1-client-consul-0.pem").toString());
      environment.put(
          "CONSUL_CLIENT_KEY", folder.resolve("dc1-client-consul-0-key.pem").toString());
      try (ConsulFixture relay =
          new ConsulFixture(vertx, ConsulOptions.fromEnvironment(environment))) {
        relay.awaitBrokers(SOON, "a:1");
        consul.api().put(SETTINGS, yaml("b:2"));
        relay.awaitBrokers(SOON, "b:2");
      }
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    tls("ca", "create");
    tls("cert", "create", "-server"); // for 127.0.0.1, among other names
    int port = FreePort.find();
    try (ConsulProcess consul =
        ConsulProcess.inMemory(folder.resolve("consul"), config(port, false))) {
      consul.api().put(SETTINGS, yaml("a:1"));
      Map<String, String> environment = new HashMap<>();
      environment.put("CONSUL_CACERT", folder.resolve("consul-agent-ca.pem").toString());
      environment.put("CONSUL_HTTP_ADDR", "https://127.0.0.1:" + port);
      try (ConsulFixture relay =
          new ConsulFixture(vertx, ConsulOptions.fromEnvironment(environment))) {
        relay.awaitBrokers(SOON, "a:1");
      }
      environment.put("CONSUL_HTTP_ADDR", "https://127.0.0.2:" + port);
      assertRefused(environment);
    }
  }

  private void assertRefused(Map<String, String> environment) throws Exception {
    try (ConsulFixture relay =
        new ConsulFixture(vertx, ConsulOptions.fromEnvironment(environment))) {
      relay.awaitProblem(SOON, Kind.UNREADABLE, "unreachable, ");
      assertThat(relay.status().established()).isFalse();
    }
  }

  private String config(int port, boolean clientCertificate) {
    return """
        ports { https = %d }
        addresses { https = "127.0.0.1 127.0.0.2" }
        ca_file = "%s"
        cert_file = "%s"
        key_file = "%s"
        verify_incoming_https = %b
        """
        .formatted(
            port,
            folder.resolve("consul-agent-ca.pem"),
            folder.resolve("dc1-server-consul-0.pem"),
            folder.resolve("dc1-server-consul-0-key.pem"),
            clientCertificate);
  }

  private void tls(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(ConsulProgram.find().toString(), "tls"));
    command.addAll(List.of(arguments));
    int status =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    assertThat(status).isZero();
  }
}
