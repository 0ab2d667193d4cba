package io.aliecs.relay.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebSecurity;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Both listeners over TLS, with a certificate that is replaced while they run. */
@Tag("slow")
class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  private CertificateAuthority authority;
  private Path certificate;
  private Path key;
  private WebOptions options;
  private SSLContext trust;

  @BeforeEach
  void issue() throws Exception {
    authority = new CertificateAuthority(folder, PASSWORD);
    certificate = folder.resolve("http.pem");
    key = folder.resolve("http-key.pem");
    put("first");
    WebSecurity.PemFiles files = new WebSecurity.PemFiles(certificate, key);
    WebSecurity security =
        new WebSecurity(Optional.of(files), Optional.of(files), List.of(), 100, 100);
    options = new WebOptions("127.0.0.1", 0, "127.0.0.1", 0, "", List.of(), security);
    trust = trusting(authority.trustStore());
  }

  @Test
  void aNewCertificateIsShownWithoutARestart() throws Exception {
    try (RunningWeb web = new RunningWeb(options)) {
      assertThat(shown(trust, web.web.listening().port())).contains("CN=first");
      assertThat(shown(trust, web.web.listening().managementPort())).contains("CN=first");
      assertThat(web.raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).doesNotContain("HTTP/1.1 2");

      put("second");
      await().until(() -> shown(trust, web.web.listening().port()).contains("CN=second"));
      await().until(() -> shown(trust, web.web.listening().managementPort()).contains("CN=second"));
    }
  }

  @Test
  void whatCannotBeUsedIsSaidAndTheLastOneStays() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    Logger log = (Logger) LoggerFactory.getLogger(Certificates.class);
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            said.add(event.getFormattedMessage());
          }
        };
    appender.start();
    log.addAppender(appender);
    try (RunningWeb web = new RunningWeb(options)) {
      Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nhalf writ");
      await()
          .until(
              () -> said.stream().filter(line -> line.contains("the last one stays")).count() == 2);
      assertThat(said).allMatch(line -> line.contains(certificate.toString()));
      assertThat(shown(trust, web.web.listening().port())).contains("CN=first");
      assertThat(shown(trust, web.web.listening().managementPort())).contains("CN=first");

      put("second");
      await().until(() -> shown(trust, web.web.listening().port()).contains("CN=second"));
    } finally {
      log.detachAppender(appender);
    }
  }

  private void put(String name) throws Exception {
    CertificateAuthority.PemFiles from = authority.issuePem(name, false);
    Files.copy(from.key(), key, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(from.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
  }

  private static SSLContext trusting(Path store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      trusted.load(in, PASSWORD.toCharArray());
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private static String shown(SSLContext trust, int port) throws Exception {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }
}
