package io.aliecs.relay.journal.tls;

import io.aliecs.relay.journal.peers.KnownHosts;
import io.aliecs.relay.retry.RateLimitedLog;
import io.aliecs.relay.text.Causes;
import io.aliecs.relay.text.Printable;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.ratis.util.function.CheckedConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Trusts certificates that the authorities in force have signed, and logs what it refuses. */
final class CurrentTrustManager extends X509ExtendedTrustManager {
  private final ClusterCertificates certificates;
  private final KnownHosts servers;
  private final RateLimitedLog log =
      new RateLimitedLog(LoggerFactory.getLogger(CurrentTrustManager.class), System::nanoTime);

  CurrentTrustManager(ClusterCertificates certificates, KnownHosts servers) {
    this.certificates = certificates;
    this.servers = servers;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(chain, engine, trust -> trust.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    check(
        chain,
        engine,
        trust -> {
          trust.checkServerTrusted(chain, type, engine);
          if (engine != null && engine.getPeerHost() != null) {
            requireMeant(engine.getPeerHost(), engine.getPeerPort(), chain[0]);
          }
        });
  }

  private void requireMeant(String host, int port, X509Certificate shown)
      throws CertificateException {
    String refusal = servers.refusal(host, port, shown).orElse(null);
    if (refusal != null) {
      throw new CertificateException(refusal);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, null, trust -> trust.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain, null, trust -> trust.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, null, trust -> trust.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, null, trust -> trust.checkServerTrusted(chain, type));
  }

  /** Empty: a client shows its only certificate and leaves the judgement to the server. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private void check(
      X509Certificate[] chain,
      @Nullable SSLEngine engine,
      CheckedConsumer<X509ExtendedTrustManager, CertificateException> trust)
      throws CertificateException {
    try {
      trust.accept(certificates.current().trust());
    } catch (CertificateException e) {
      String peer = engine == null ? null : engine.getPeerHost();
      report(chain, peer == null ? "a peer" : peer, e);
      throw e;
    }
  }

  private void report(X509Certificate[] chain, String peer, CertificateException e) {
    String subject = chain.length == 0 ? "none" : chain[0].getSubjectX500Principal().getName();
    String why = String.valueOf(Causes.root(e).getMessage());
    synchronized (log) {
      log.warn(
          () ->
              "refused the certificate of "
                  + peer
                  + ", "
                  + Printable.text(subject)
                  + ": "
                  + Printable.text(why)
                  + " (expected: one for its address, signed by the authority of this cluster)");
    }
  }
}
