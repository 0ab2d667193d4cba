package io.aliecs.relay.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.CertificateAuthority.PemFiles;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebSecurity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.consul.ServiceOptions;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** This host in the catalogue of a real Consul. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class RegistrationVerticleTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KEYS_ONLY = "key_prefix \"o2/\" { policy = \"read\" }";

  @TempDir Path folder;
  private Vertx vertx;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger health = new AtomicInteger(200);
  private int port;

  @BeforeEach
  void listen(Vertx vertx) throws Exception {
    this.vertx = vertx;
    port = listen(new HttpServerOptions());
  }

  private int listen(HttpServerOptions options) throws Exception {
    return vertx
        .createHttpServer(options)
        .requestHandler(
            request ->
                request
                    .response()
                    .setStatusCode(request.path().equals("/health/ready") ? health.get() : 404)
                    .end())
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  @Test
  void isThereWithItsHealthUntilItsOrderlyEnd() throws Exception {
    try (ConsulProcess consul = ConsulProcess.withAcls(folder.resolve("consul"))) {
      Path token = folder.resolve("token");
      String rules = Files.readString(Path.of("../conf/consul/acl-policy.hcl"));
      Files.writeString(token, createToken(consul, "ours", rules));
      String id = deploy(at(consul.port(), token));
      until(() -> status(consul).equals("passing"));
      JsonObject service = services(consul).getJsonObject("host-1");
      assertThat(service.getString("Service")).isEqualTo("aliecs-relay");
      assertThat(service.getInteger("Port")).isEqualTo(8080);
      until(() -> registered() == 1);
      health.set(503);
      until(() -> status(consul).equals("critical"));
      vertx.undeploy(id).await();
      assertThat(services(consul)).isEmpty();
      assertThat(meters.getMeters()).isEmpty();
    }
  }

  @Test
  void aTokenWithoutTheRightIsNoHarmAndOneThatHasItIsTaken() throws Exception {
    try (ConsulProcess consul = ConsulProcess.withAcls(folder.resolve("consul"))) {
      Path token = folder.resolve("token");
      Files.writeString(token, createToken(consul, "keys", KEYS_ONLY));
      deploy(at(consul.port(), token));
      assertThat(registered()).isZero();
      String rules = Files.readString(Path.of("../conf/consul/acl-policy.hcl"));
      Files.writeString(token, createToken(consul, "ours", rules));
      until(() -> registered() == 1);
      assertThat(services(consul).fieldNames()).containsExactly("host-1");
    }
  }

  @Test
  void isRegisteredAgainWhenConsulHasLostIt() throws Exception {
    try (ConsulProcess consul = ConsulProcess.persisted(folder.resolve("consul"))) {
      deploy(at(consul.port()));
      until(() -> services(consul).containsKey("host-1"));
      consul.api().request("PUT", "/v1/agent/service/deregister/host-1", new byte[0]);
      until(() -> services(consul).containsKey("host-1"));
      consul.kill();
      until(() -> registered() == 0);
      consul.wipe();
      consul.start();
      until(() -> services(consul).containsKey("host-1"));
      until(() -> registered() == 1);
    }
  }

  @Test
  void doesNotHoldUpTheEndWhenConsulIsAway() throws Exception {
    try (ConsulProcess consul = ConsulProcess.inMemory(folder.resolve("consul"))) {
      String id = deploy(at(consul.port()));
      until(() -> registered() == 1);
      consul.pause();
      vertx.undeploy(id).await();
    }
  }

  @Test
  void healthThatIsOverTlsIsCheckedOverTls() throws Exception {
    PemFiles files = new CertificateAuthority(folder.resolve("ca"), "secret").issuePem("x", false);
    int secured =
        listen(
            new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(files.certificate().toString())
                        .setKeyPath(files.key().toString())));
    WebSecurity security =
        new WebSecurity(
            Optional.empty(),
            Optional.of(new WebSecurity.PemFiles(files.certificate(), files.key())),
            List.of(),
            100,
            100);
    WebOptions web =
        new WebOptions("127.0.0.1", 8080, "127.0.0.1", secured, "", List.of(), security);
    try (ConsulProcess consul = ConsulProcess.inMemory(folder.resolve("consul"))) {
      deploy(at(consul.port()), web);
      until(() -> status(consul).equals("passing"));
    }
  }

  @Test
  void anyAddressIsNotToldAndCheckedOnThisHost() {
    ServiceOptions any =
        new ServiceDefinition(options(), new WebOptions("0.0.0.0", 80, "::", 81)).registered();
    assertThat(any.getAddress()).isEmpty();
    assertThat(any.getCheckOptions().getHttp()).isEqualTo("http://[::1]:81/health/ready");
    ServiceOptions one =
        new ServiceDefinition(options(), new WebOptions("::1", 80, "10.0.0.1", 81)).registered();
    assertThat(one.getCheckOptions().getHttp()).isEqualTo("http://10.0.0.1:81/health/ready");
  }

  private static ConsulOptions at(int port, Path tokenFile) {
    return ConsulOptions.fromEnvironment(
        Map.of(
            "CONSUL_HTTP_ADDR",
            "127.0.0.1:" + port,
            "CONSUL_HTTP_TOKEN_FILE",
            tokenFile.toString()));
  }

  private static ConsulOptions at(int port) {
    return TestOptions.consul(port);
  }

  private static RegistrationOptions options() {
    return new RegistrationOptions(true, "aliecs-relay", "host-1");
  }

  private String deploy(ConsulOptions consul) throws Exception {
    return deploy(consul, new WebOptions("127.0.0.1", 8080, "127.0.0.1", port));
  }

  private String deploy(ConsulOptions consul, WebOptions web) throws Exception {
    return vertx
        .deployVerticle(new RegistrationVerticle(consul, options(), () -> web, meters))
        .await();
  }

  private double registered() {
    Gauge gauge = meters.find("relay.config.registered").gauge();
    return gauge == null ? -1 : gauge.value();
  }

  private static JsonObject services(ConsulProcess consul) throws IOException {
    return new JsonObject(consul.api().request("GET", "/v1/agent/services", new byte[0]));
  }

  private static String status(ConsulProcess consul) throws IOException {
    JsonObject checks =
        new JsonObject(consul.api().request("GET", "/v1/agent/checks", new byte[0]));
    JsonObject check = checks.getJsonObject("service:host-1");
    return check == null ? "" : check.getString("Status");
  }

  private static String createToken(ConsulProcess consul, String name, String rules)
      throws IOException {
    JsonObject policy = new JsonObject().put("Name", name).put("Rules", rules);
    consul.api().request("PUT", "/v1/acl/policy", bytes(policy));
    JsonObject token =
        new JsonObject().put("Policies", new JsonArray().add(new JsonObject().put("Name", name)));
    String made = consul.api().request("PUT", "/v1/acl/token", bytes(token));
    return new JsonObject(made).getString("SecretID");
  }

  private static byte[] bytes(JsonObject object) {
    return object.encode().getBytes(StandardCharsets.UTF_8);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(20)).ignoreExceptions().until(condition);
  }
}
