package io.aliecs.relay.config;

import static io.aliecs.relay.config.ConsulFixture.KAFKA_ENABLED;
import static io.aliecs.relay.config.ConsulFixture.SETTINGS;
import static io.aliecs.relay.config.ConsulFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real Consul that denies whatever no token allows, and the policy and samples that we ship. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class ConsulAccessTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Path SAMPLES = Path.of("../conf/consul");

  @TempDir Path folder;
  private Vertx vertx;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
  }

  @Test
  void aRevokedTokenIsSaidAndARotatedOneTakenFromItsFile() throws Exception {
    try (ConsulProcess consul = ConsulProcess.withAcls(folder.resolve("consul"))) {
      consul.api().put(SETTINGS, Files.readString(SAMPLES.resolve("settings.yaml")));
      consul.api().put(KAFKA_ENABLED, Files.readString(SAMPLES.resolve("kafka_enabled")));
      createPolicy(consul);
      JsonObject first = createToken(consul);
      Path file = folder.resolve("token");
      write(file, first.getString("SecretID") + "\n");
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port(), file))) {
        relay.awaitStatus(SOON, s -> s.established() && s.inForce().publishNewEnvironments());
        assertThat(relay.status().problems()).isEmpty();
        assertThat(relay.inForce().pluginEnabled()).isTrue();

        consul
            .api()
            .request("DELETE", "/v1/acl/token/" + first.getString("AccessorID"), new byte[0]);
        consul.api().put(SETTINGS, yaml("b:2"));
        relay.awaitProblem(SOON, Kind.UNREADABLE, "forbidden, HTTP status 403");
        assertThat(relay.inForce().pluginEnabled()).isTrue();
        assertThat(relay.inForce().bootstrapServers()).doesNotContain("b:2");
        assertThat(relay.status().toString()).doesNotContain(first.getString("SecretID"));

        write(file, createToken(consul).getString("SecretID"));
        relay.awaitBrokers(SOON, "b:2");
        relay.awaitStatus(SOON, SettingsStatus::consulReachable);
      }
    }
  }

  @Test
  void aKeyThatMayNotBeReadIsForbiddenNotMissing() throws Exception {
    try (ConsulProcess consul = ConsulProcess.withAcls(folder.resolve("consul"))) {
      consul.api().put(SETTINGS, yaml("a:1"));
      consul.api().put(KAFKA_ENABLED, "true");
      createPolicy(consul, "key \"" + SETTINGS + "\" { policy = \"read\" }");
      Path file = folder.resolve("token");
      write(file, createToken(consul).getString("SecretID"));
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port(), file))) {
        relay.awaitProblem(SOON, Kind.UNREADABLE, "forbidden, found 1 of [" + SETTINGS);
        assertThat(relay.status().problems()).noneMatch(p -> p.kind() == Kind.MISSING);
        assertThat(relay.status().established()).isFalse();
      }
    }
  }

  @Test
  void withTheLeastRightsAMissingKeyIsMissing() throws Exception {
    try (ConsulProcess consul = ConsulProcess.withAcls(folder.resolve("consul"))) {
      consul.api().put(SETTINGS, yaml("a:1"));
      createPolicy(consul);
      Path file = folder.resolve("token");
      write(file, createToken(consul).getString("SecretID"));
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port(), file))) {
        relay.awaitBrokers(SOON, "a:1");
        relay.awaitProblem(SOON, Kind.MISSING, KAFKA_ENABLED);
      }
    }
  }

  @Test
  void anUnusableTokenFileIsSaid() throws Exception {
    try (ConsulProcess consul = ConsulProcess.inMemory(folder.resolve("consul"))) {
      consul.api().put(SETTINGS, yaml("a:1"));
      Path file = folder.resolve("token");
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port(), file))) {
        relay.awaitProblem(SOON, Kind.UNREADABLE, "token file " + file + ": found it unreadable");
        write(file, "");
        relay.awaitProblem(SOON, Kind.UNREADABLE, "found it empty");
        write(file, "two words");
        relay.awaitProblem(SOON, Kind.UNREADABLE, "found blanks or control characters in it");
        write(file, "a-token");
        relay.awaitBrokers(SOON, "a:1");
      }
    }
  }

  private static void createPolicy(ConsulProcess consul) throws Exception {
    createPolicy(consul, Files.readString(SAMPLES.resolve("acl-policy.hcl")));
  }

  private static void createPolicy(ConsulProcess consul, String rules) throws Exception {
    JsonObject policy = new JsonObject().put("Name", "aliecs-relay").put("Rules", rules);
    consul.api().request("PUT", "/v1/acl/policy", bytes(policy));
  }

  private static JsonObject createToken(ConsulProcess consul) throws Exception {
    JsonObject token =
        new JsonObject()
            .put("Policies", new JsonArray().add(new JsonObject().put("Name", "aliecs-relay")));
    return new JsonObject(consul.api().request("PUT", "/v1/acl/token", bytes(token)));
  }

  private static byte[] bytes(JsonObject object) {
    return object.encode().getBytes(StandardCharsets.UTF_8);
  }

  /** As secrets are rotated: written beside, then moved into place. */
  private static void write(Path file, String text) throws Exception {
    Path beside = file.resolveSibling("token.new");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
