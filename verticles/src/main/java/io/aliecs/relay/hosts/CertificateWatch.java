package io.aliecs.relay.hosts;

import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rereads the certificates of this host now and then, and measures how they are. */
record CertificateWatch(Vertx vertx, ClusterCertificates files) {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final long REREAD_MS = 1_000;
  private static final double MS_PER_S = 1_000.0;

  /** Goes on until the verticle ends. */
  void start(MeterRegistry meters) {
    Gauge.builder(
            "relay.cluster.certificate.expiry.timestamp",
            files,
            read -> read.expiry().toEpochMilli() / MS_PER_S)
        .baseUnit("seconds")
        .description("When the certificate of this host ends to be valid, since the epoch")
        .register(meters);
    Gauge.builder(
            "relay.cluster.certificate.problem", files, read -> read.problem().isPresent() ? 1 : 0)
        .description("1 while the files of cluster.tls are not what is in force")
        .register(meters);
    rereadLater();
  }

  private void rereadLater() {
    vertx.setTimer(
        REREAD_MS,
        timer ->
            vertx
                .executeBlocking(files::reread)
                .onFailure(
                    failure ->
                        LOG.error(
                            "the certificates cannot be reread; the last ones stay in force",
                            failure))
                .onComplete(done -> rereadLater()));
  }

  /** When the certificate expires, ms since epoch. */
  long until() {
    return files.expiry().toEpochMilli();
  }

  /** What is wrong with the files, for people; empty when nothing is. */
  String problem() {
    return files.problem().orElse("");
  }
}
