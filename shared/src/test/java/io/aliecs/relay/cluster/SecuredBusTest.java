package io.aliecs.relay.cluster;

import static io.aliecs.relay.cluster.Members.ask;
import static io.aliecs.relay.cluster.Members.await;
import static io.aliecs.relay.cluster.Members.awaitAnswer;
import static io.aliecs.relay.cluster.Members.awaitHosts;
import static io.aliecs.relay.cluster.Members.consume;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.aliecs.relay.dev.CertificateAuthority;
import io.aliecs.relay.dev.CertificateAuthority.PemFiles;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.tls.ClusterCertificates;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SecuredBusTest {
  @TempDir static Path folder;
  private static CertificateAuthority old;
  private static CertificateAuthority other;
  private static PemFiles ofOld;
  private static PemFiles ofOther;

  @TempDir Path files;
  private final Members members = new Members();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private List<ClusterHost> hosts;

  @BeforeAll
  static void makeAuthorities() {
    old = new CertificateAuthority(folder.resolve("old"), "secret");
    other = new CertificateAuthority(folder.resolve("other"), "secret");
    ofOld = old.issuePem("host", false);
    ofOther = other.issuePem("host", false);
  }

  @BeforeEach
  void start() {
    int first = FreePort.find(6);
    hosts =
        List.of(
            new ClusterHost("a", "127.0.0.1", first), new ClusterHost("b", "127.0.0.1", first + 3));
    log.start();
    ((Logger) LoggerFactory.getLogger("io.aliecs.relay")).addAppender(log);
  }

  @AfterEach
  void closeAll() throws Exception {
    ((Logger) LoggerFactory.getLogger("io.aliecs.relay")).detachAppender(log);
    members.close();
  }

  /** The files of one host, which the test replaces. */
  private record Store(Path certificate, Path key, Path authority) {
    static Store of(Path folder, String id) throws IOException {
      Files.createDirectories(folder.resolve(id));
      Store store =
          new Store(
              folder.resolve(id).resolve("host.pem"),
              folder.resolve(id).resolve("key.pem"),
              folder.resolve(id).resolve("authority.pem"));
      store.put(ofOld);
      store.trust(old);
      return store;
    }

    void put(PemFiles issued) throws IOException {
      Files.copy(issued.key(), key, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(issued.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    }

    void trust(CertificateAuthority... authorities) throws IOException {
      StringBuilder all = new StringBuilder();
      for (CertificateAuthority one : authorities) {
        all.append(Files.readString(one.certificate()));
      }
      Files.writeString(authority, all);
    }

    ClusterCertificates read() {
      return ClusterCertificates.read(certificate, key, authority);
    }
  }

  private void awaitLog(String... parts) {
    await()
        .until(
            () ->
                List.copyOf(log.list).stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> List.of(parts).stream().allMatch(line::contains)));
  }

  @Test
  void whoever_has_no_certificate_of_the_authority_gets_in_nowhere_and_disturbs_nobody()
      throws Exception {
    ClusteredBus a = members.host("a", hosts, Store.of(files, "a").read());
    ClusteredBus b = members.host("b", hosts, Store.of(files, "b").read());
    consume(a, "from a");
    awaitAnswer(b, "from a");

    ClusterCertificates strange =
        ClusterCertificates.read(ofOther.certificate(), ofOther.key(), other.certificate());
    ClusteredBus stranger = members.guest(hosts, strange);
    awaitLog("refused the certificate of", "CN=host", "signed by the authority of this cluster");
    awaitLog("connections to the bus");
    assertThat(stranger.hosts()).isEmpty();
    assertThat(ask(stranger)).contains("No handlers");
    for (int port : List.of(hosts.get(0).busPort(), hosts.get(0).membersPort())) {
      assertThat(isEnded(a.vertx(), port, new NetClientOptions())).isTrue();
      assertThat(isEnded(a.vertx(), port, trusting())).isTrue();
      assertThat(
              isEnded(
                  a.vertx(),
                  port,
                  trusting()
                      .setKeyCertOptions(
                          new PemKeyCertOptions()
                              .addCertPath(ofOther.certificate().toString())
                              .addKeyPath(ofOther.key().toString()))))
          .isTrue();
    }

    assertThat(ask(b)).isEqualTo("from a");
    assertThat(a.hosts()).containsExactlyInAnyOrder("a", "b");
  }

  private static NetClientOptions trusting() {
    NetClientOptions options = new NetClientOptions();
    return options.setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
  }

  /** Whether a connection is ended, sooner or later, and nothing was heard over it. */
  private static boolean isEnded(Vertx vertx, int port, NetClientOptions options) throws Exception {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    vertx
        .createNetClient(options)
        .connect(port, "127.0.0.1")
        .onSuccess(
            (NetSocket socket) -> {
              socket.closeHandler(closed -> ended.complete(true));
              socket.exceptionHandler(failure -> {});
              socket.handler(heard -> ended.complete(false));
              socket.write("{}\n\n\n\n\n\n").onFailure(failure -> ended.complete(true));
            })
        .onFailure(failure -> ended.complete(true));
    return ended.get(60, TimeUnit.SECONDS);
  }

  @Test
  void a_host_with_a_certificate_for_another_address_is_not_connected_to() throws Exception {
    List<ClusterHost> elsewhere =
        List.of(
            new ClusterHost("a", "127.0.0.2", hosts.get(0).port()),
            new ClusterHost("b", "127.0.0.1", hosts.get(1).port()));
    members.host("a", elsewhere, Store.of(files, "a").read());
    ClusterCertificates guests = Store.of(files, "b").read();
    ClusteredBus guest = members.guest(elsewhere.subList(0, 1), guests);
    awaitLog("refused the certificate of 127.0.0.2");
    assertThat(guest.hosts()).isEmpty();
  }

  @Test
  void certificates_and_authority_are_replaced_one_host_after_the_other_and_the_bus_goes_on()
      throws Exception {
    Store ofA = Store.of(files, "a");
    Store ofB = Store.of(files, "b");
    ClusteredBus a = members.host("a", hosts, ofA.read());
    ClusteredBus b = members.host("b", hosts, ofB.read());
    consume(a, "from a");
    awaitAnswer(b, "from a");

    ofA.trust(old, other);
    ofB.trust(old, other);
    awaitReread(2);
    ofA.put(ofOther);
    awaitReread(3);
    awaitHosts(b, "a", "b");
    assertThat(ask(b)).isEqualTo("from a");
    Store ofLate = Store.of(files, "late"); // of its own: what others reread is counted
    ofLate.trust(old, other);
    ClusteredBus late = members.guest(hosts, ofLate.read());
    awaitAnswer(late, "from a"); // with one of the old authority, to whoever has a new one
    ofB.put(ofOther);
    awaitReread(4);
    ofA.trust(other);
    ofB.trust(other);
    awaitReread(6);

    assertThat(a.hosts()).containsExactlyInAnyOrder("a", "b");
    assertThat(ask(b)).isEqualTo("from a");
    Store ofNew = Store.of(files, "new");
    ofNew.put(ofOther);
    ofNew.trust(other);
    ClusteredBus welcome = members.guest(hosts, ofNew.read());
    awaitAnswer(welcome, "from a");
    ClusteredBus stranger = members.guest(hosts, Store.of(files, "stranger").read());
    awaitLog("connections to the bus");
    assertThat(stranger.hosts()).isEmpty();
  }

  private void awaitReread(int times) {
    await()
        .until(
            () ->
                List.copyOf(log.list).stream()
                    .filter(line -> line.getFormattedMessage().startsWith("other certificates are"))
                    .count(),
            count -> count == times);
  }
}
