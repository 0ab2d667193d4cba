package io.aliecs.relay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.settings.ReconcileOptions;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.FakeCore;
import io.aliecs.relay.testkit.FreePort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The core is asked over real connections; what is no answer is a failure, in a bounded time. */
@Tag("slow")
class CoreClientTest {
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  @TempDir Path folder;
  private Vertx vertx;

  @BeforeEach
  void begin() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void end() throws Exception {
    get(vertx.close());
  }

  @Test
  void the_core_tells_every_environment() throws Exception {
    FakeCore core = get(FakeCore.start(vertx, 0));
    core.put(
        EnvironmentInfo.newBuilder()
            .setId("2oDvieFrVTi")
            .setState("RUNNING")
            .setCurrentRunNumber(500_001)
            .addIncludedDetectors("ITS")
            .putVars("run_type", "PHYSICS")
            .build());
    long before = System.currentTimeMillis();

    CoreAnswer answer = get(client(core.address()).environments());

    assertThat(answer.environments()).isEqualTo(core.environments());
    assertThat(answer.asOf()).isBetween(before - 1_000, answer.timestamp());
    assertThat(answer.timestamp()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void a_core_without_environments_is_a_true_answer() throws Exception {
    FakeCore core = get(FakeCore.start(vertx, 0));

    assertThat(get(client(core.address()).environments()).environments()).isEmpty();
  }

  @Test
  void a_core_that_refuses_gives_no_answer() throws Exception {
    FakeCore core = get(FakeCore.start(vertx, 0));
    core.answerWith(GrpcStatus.UNAVAILABLE);

    assertThatThrownBy(() -> get(client(core.address()).environments()))
        .hasMessageContaining("UNAVAILABLE");
  }

  @Test
  void a_core_that_is_silent_fails_in_time_and_is_asked_again() throws Exception {
    FakeCore core = get(FakeCore.start(vertx, 0));
    CoreClient client = client(core.address());
    core.beSilent(true);
    long start = System.nanoTime();

    assertThatThrownBy(() -> get(client.environments())).isInstanceOf(Exception.class);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    core.beSilent(false);
    assertThat(get(client.environments()).environments()).isEmpty();
  }

  @Test
  void nobody_there_and_garbage_are_no_answer() throws Exception {
    assertThatThrownBy(() -> get(client("127.0.0.1:" + FreePort.find()).environments()))
        .hasMessageContaining("refused");

    NetServer garbage =
        get(
            vertx
                .createNetServer()
                .connectHandler(socket -> socket.write("HTTP/1.1 200 OK\r\n\r\nhello"))
                .listen(0, "127.0.0.1"));
    assertThatThrownBy(() -> get(client("127.0.0.1:" + garbage.actualPort()).environments()))
        .isInstanceOf(Exception.class);
  }

  @Test
  void a_core_behind_TLS_is_asked_only_when_its_authority_is_known() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("ca"), "password");
    CertificateAuthority.PemFiles pem = authority.issuePem("core", false);
    FakeCore core =
        get(
            FakeCore.start(
                vertx,
                0,
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertPath(pem.certificate().toString())
                            .addKeyPath(pem.key().toString()))));

    ReconcileOptions trusting =
        new ReconcileOptions(
            core.address(),
            true,
            authority.certificate().toString(),
            ReconcileOptions.DEFAULT_INTERVAL);
    assertThat(get(client(trusting).environments()).environments()).isEmpty();

    ReconcileOptions strange =
        new ReconcileOptions(core.address(), true, "", ReconcileOptions.DEFAULT_INTERVAL);
    assertThatThrownBy(() -> get(client(strange).environments())).isInstanceOf(Exception.class);
  }

  private CoreClient client(String address) {
    return client(new ReconcileOptions(address, false, "", ReconcileOptions.DEFAULT_INTERVAL));
  }

  private CoreClient client(ReconcileOptions options) {
    return new CoreClient(vertx, options, DEADLINE, Clock.systemUTC());
  }

  private static <T> T get(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }
}
