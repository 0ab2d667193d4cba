package io.aliecs.relay.environment;

import static io.aliecs.relay.environment.ControlHosts.event;
import static io.aliecs.relay.environment.ControlHosts.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.EventSender;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.cluster.ClusteredBus;
import io.aliecs.relay.dev.CertificateAuthority;
import io.aliecs.relay.dev.CertificateAuthority.PemFiles;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.domain.Verdict;
import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.tls.ClusterCertificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/messages.md} says how an application sends events. */
class SendingTest {
  @TempDir Path folder;
  private final AtomicReference<Vertx> joined = new AtomicReference<>();

  private Future<TransitionReply> send(
      Path certificate,
      Path key,
      Path authority,
      String address,
      int port,
      String hosts,
      JsonObject event) {
    ClusterCertificates certificates = ClusterCertificates.read(certificate, key, authority);
    BusOptions guest =
        BusOptions.guest(address, port, ClusterHost.list(hosts), Optional.of(certificates));
    Future<ClusteredBus> bus = ClusteredBus.join(new VertxOptions(), guest);
    Future<EventSender> sender =
        bus.map(joined -> new EventSender(joined.vertx(), Duration.ofMinutes(1)));
    bus.onSuccess(one -> joined.set(one.vertx()));
    return sender.compose(ready -> ready.send(event));
  }

  @Test
  void whatTheDocumentSaysSendsAnEvent() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("ca"), "secret");
    PemFiles files = authority.issuePem("any", false);
    Optional<ClusterCertificates> certificates =
        Optional.of(
            ClusterCertificates.read(files.certificate(), files.key(), authority.certificate()));
    try (ControlHosts hosts = new ControlHosts(folder, 1, id -> certificates).startAll()) {
      Future<TransitionReply> reply =
          send(
              files.certificate(),
              files.key(),
              authority.certificate(),
              "127.0.0.1",
              FreePort.find(),
              hosts.asSetting(),
              event("1", "CREATED", ""));
      assertThat(get(reply).verdict()).isEqualTo(Verdict.APPLIED);
      get(joined.get().close());
    }
  }

  @Test
  void theDocumentShowsThisVeryCode() throws Exception {
    String document = Files.readString(Path.of("../docs/messages.md"));
    String shown = document.split("```java\n")[1].split("```")[0];
    String own =
        Files.readString(Path.of("src/test/java/io/aliecs/relay/environment/SendingTest.java"));
    for (String statement : shown.split(";")) {
      assertThat(own.replaceAll("\\s+", "")).contains(statement.replaceAll("\\s+", ""));
    }
  }
}
