package io.aliecs.relay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.FakeCore;
import io.aliecs.relay.testkit.FreePort;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The core is asked over real connections; what is no answer is a failure, in a bounded time. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class CoreClientTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration PATIENT = Duration.ofMinutes(1);

  @TempDir Path folder;
  private Vertx vertx;

  @BeforeEach
  void begin(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void theCoreTellsEveryEnvironment() throws Exception {
    FakeCore core = FakeCore.start(vertx, 0).await();
    core.put(
        EnvironmentInfo.newBuilder()
            .setId("2oDvieFrVTi")
            .setState("RUNNING")
            .setCurrentRunNumber(500_001)
            .addIncludedDetectors("ITS")
            .putVars("run_type", "PHYSICS")
            .build());
    long before = System.currentTimeMillis();

    CoreAnswer answer = client(core.address()).environments().await();

    assertThat(answer.environments()).isEqualTo(core.environments());
    assertThat(answer.asOf()).isBetween(before - 1_000, answer.timestamp());
    assertThat(answer.timestamp()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void aCoreWithoutEnvironmentsIsATrueAnswer() throws Exception {
    FakeCore core = FakeCore.start(vertx, 0).await();

    assertThat(client(core.address()).environments().await().environments()).isEmpty();
  }

  @Test
  void aCoreThatRefusesGivesNoAnswer() throws Exception {
    FakeCore core = FakeCore.start(vertx, 0).await();
    core.answerWith(GrpcStatus.UNAVAILABLE);

    assertThatThrownBy(() -> client(core.address()).environments().await())
        .hasMessageContaining("UNAVAILABLE");
  }

  @Test
  void aCoreThatIsSilentFailsInTimeAndIsAskedAgain() throws Exception {
    FakeCore core = FakeCore.start(vertx, 0).await();
    CoreClient client = client(plain(core.address()), SHORT);
    core.beSilent(true);
    long start = System.nanoTime();

    assertThatThrownBy(() -> client.environments().await()).isInstanceOf(Exception.class);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    core.beSilent(false);
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(client.environments().await().environments()).isEmpty());
  }

  @Test
  void nobodyThereAndGarbageAreNoAnswer() throws Exception {
    assertThatThrownBy(() -> client("127.0.0.1:" + FreePort.find()).environments().await())
        .hasMessageContaining("refused");

    NetServer garbage =
        vertx
            .createNetServer()
            .connectHandler(socket -> socket.write("HTTP/1.1 200 OK\r\n\r\nhello"))
            .listen(0, "127.0.0.1")
            .await();
    CoreClient client = client(plain("127.0.0.1:" + garbage.actualPort()), SHORT);
    assertThatThrownBy(() -> client.environments().await()).isInstanceOf(Exception.class);
  }

  @Test
  void aCoreBehindTLSIsAskedOnlyWhenItsAuthorityIsKnown() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("ca"), "password");
    CertificateAuthority.PemFiles pem = authority.issuePem("core", false);
    FakeCore core =
        FakeCore.start(
                vertx,
                0,
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertPath(pem.certificate().toString())
                            .addKeyPath(pem.key().toString())))
            .await();

    ReconcileOptions trusting =
        new ReconcileOptions(
            core.address(),
            true,
            authority.certificate().toString(),
            ReconcileOptions.DEFAULT_INTERVAL);
    assertThat(client(trusting).environments().await().environments()).isEmpty();

    ReconcileOptions strange =
        new ReconcileOptions(core.address(), true, "", ReconcileOptions.DEFAULT_INTERVAL);
    assertThatThrownBy(() -> client(strange).environments().await()).isInstanceOf(Exception.class);
  }

  private static ReconcileOptions plain(String address) {
    return new ReconcileOptions(address, false, "", ReconcileOptions.DEFAULT_INTERVAL);
  }

  private CoreClient client(String address) {
    return client(plain(address));
  }

  private CoreClient client(ReconcileOptions options) {
    return client(options, PATIENT);
  }

  private CoreClient client(ReconcileOptions options, Duration deadline) {
    return new CoreClient(vertx, options, deadline, Clock.systemUTC());
  }
}
