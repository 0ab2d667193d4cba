package io.aliecs.relay.host.settings;

import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.settings.Requirement;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether hosts prove to each other who they are, and with what. */
final class ClusterTls {
  private ClusterTls() {}

  /**
   * Takes it from the settings of a host that others reach.
   *
   * @return empty for plain text
   * @throws IllegalArgumentException when plain text is not asked for, when only some of the files
   *     are named, or when what is in them is not good
   */
  static Optional<ClusterCertificates> of(SettingSources sources) {
    List<Setting> files = List.of(Setting.TLS_CERTIFICATE, Setting.TLS_KEY, Setting.TLS_AUTHORITY);
    List<Setting> missing = files.stream().filter(file -> sources.text(file).isBlank()).toList();
    if (missing.isEmpty()) {
      return Optional.of(
          ClusterCertificates.read(
              Path.of(sources.text(Setting.TLS_CERTIFICATE)),
              Path.of(sources.text(Setting.TLS_KEY)),
              Path.of(sources.text(Setting.TLS_AUTHORITY))));
    }
    Requirement.that(
        missing.size() == files.size(),
        missing.get(0).key(),
        "nothing",
        "a file; all of cluster.tls.* or none");
    Requirement.that(
        sources.isOn(Setting.PLAIN_TEXT),
        Setting.TLS_CERTIFICATE.key(),
        "nothing",
        "certificates for cluster.hosts, on loopback too; to try it out, cluster.plain-text: true");
    return Optional.empty();
  }
}
