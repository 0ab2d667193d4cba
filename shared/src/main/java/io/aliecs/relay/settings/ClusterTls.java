package io.aliecs.relay.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * With what hosts prove to each other who they are: mutual TLS, both sides with a certificate of
 * one authority. All files in PEM.
 *
 * @param certificate of this host, with the address that the others know it by
 * @param key private key of the certificate, PKCS #8, not encrypted
 * @param authority certificate of the authority that signed those of all hosts, and nothing else
 */
public record ClusterTls(Path certificate, Path key, Path authority) {

  public ClusterTls {
    requireFile(SettingCatalog.TLS_CERTIFICATE, certificate);
    requireFile(SettingCatalog.TLS_KEY, key);
    requireFile(SettingCatalog.TLS_AUTHORITY, authority);
  }

  private static void requireFile(Setting setting, Path file) {
    Requirement.that(Files.isReadable(file), setting.name(), file, "a file that can be read");
  }

  /**
   * Takes it from the settings.
   *
   * @return empty for plain text
   * @throws IllegalArgumentException when plain text would leave this machine and is not asked for,
   *     or when only some of the files are named
   */
  static Optional<ClusterTls> of(SettingSources sources, List<ClusterHost> hosts) {
    List<Setting> files =
        List.of(
            SettingCatalog.TLS_CERTIFICATE, SettingCatalog.TLS_KEY, SettingCatalog.TLS_AUTHORITY);
    List<Setting> missing = files.stream().filter(file -> sources.text(file).isBlank()).toList();
    if (missing.isEmpty()) {
      return Optional.of(
          new ClusterTls(
              Path.of(sources.text(SettingCatalog.TLS_CERTIFICATE)),
              Path.of(sources.text(SettingCatalog.TLS_KEY)),
              Path.of(sources.text(SettingCatalog.TLS_AUTHORITY))));
    }
    Requirement.that(
        missing.size() == files.size(),
        missing.get(0).name(),
        "nothing",
        "a file; all of cluster.tls.* or none");
    boolean local = hosts.stream().allMatch(ClusterHost::isLoopback);
    Requirement.that(
        local || sources.isOn(SettingCatalog.PLAIN_TEXT),
        SettingCatalog.TLS_CERTIFICATE.name(),
        "nothing",
        "certificates for a journal that is not on loopback, or cluster.plain-text: true");
    return Optional.empty();
  }
}
