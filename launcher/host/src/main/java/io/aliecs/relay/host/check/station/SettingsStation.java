package io.aliecs.relay.host.check.station;

import io.aliecs.relay.host.settings.RelaySettings;
import io.aliecs.relay.host.settings.SettingSources;
import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.http.ControlToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The settings of this host, and the files that they name.
 *
 * @param settings as they would be in force; empty when they are refused
 * @param findings about them
 */
public record SettingsStation(Optional<RelaySettings> settings, List<Finding> findings) {
  private static final Duration SOON = Duration.ofDays(14);
  private static final String CORRECT =
      "correct that setting of this host, see conf/relay.yaml; relay run does not start like that";

  /** Reads them. */
  public static SettingsStation look(
      Supplier<SettingSources> sources, Map<String, String> environment) {
    List<Finding> findings = new ArrayList<>();
    RelaySettings settings;
    try {
      settings = RelaySettings.of(sources.get(), environment);
    } catch (IllegalArgumentException refused) {
      String why = String.valueOf(refused.getMessage());
      findings.add(Finding.failed("settings", "settings of this host", why, CORRECT));
      return new SettingsStation(Optional.empty(), findings);
    }
    long given =
        settings.effective().stream()
            .filter(one -> !one.origin().equals(EffectiveSetting.DEFAULT))
            .count();
    findings.add(
        Finding.ok(
            "settings",
            "settings of this host are understood; " + given + " set, the others by default"));
    token(settings.web().tokenFile()).ifPresent(findings::add);
    for (String tls : List.of("cluster.tls", "http.tls", "management.tls")) {
      value(settings, tls + ".certificate")
          .map(file -> certificate(tls + ".certificate", Path.of(file)))
          .ifPresent(findings::add);
      value(settings, tls + ".key")
          .flatMap(file -> key(tls + ".key", Path.of(file)))
          .ifPresent(findings::add);
    }
    return new SettingsStation(Optional.of(settings), findings);
  }

  private static Optional<String> value(RelaySettings settings, String name) {
    return settings.effective().stream()
        .filter(one -> one.name().equals(name))
        .map(EffectiveSetting::value)
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static Optional<Finding> token(String file) {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      ControlToken.read(Path.of(file));
      return Optional.of(Finding.ok("settings.token", "http.token-file: " + file + " is good"));
    } catch (IOException unusable) {
      String message = String.valueOf(unusable.getMessage());
      return Optional.of(
          Finding.failed(
              "settings.token",
              "token for changes over HTTP",
              message.startsWith("http.token-file") ? message : unusable.toString(),
              "correct that file: until then nothing can be changed over HTTP; no restart"));
    }
  }

  private static Finding certificate(String setting, Path file) {
    String id = "settings.certificate";
    String expected = "a certificate in PEM that is valid now";
    String action = "issue that certificate anew and write it to the same file; no restart";
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      Instant end = certificate.getNotAfter().toInstant();
      Duration left = Duration.between(Instant.now(), end);
      if (left.isNegative()) {
        return Finding.failed(id, setting + ": " + file, "ended " + end, expected, action);
      }
      return left.compareTo(SOON) < 0
          ? Finding.warning(
              id,
              setting + ": " + file,
              "ends in " + DurationText.of(left.toMillis()) + ", " + end,
              "more than " + SOON.toDays() + " days left",
              action)
          : Finding.ok(
              id, setting + ": " + file + " is valid for " + DurationText.of(left.toMillis()));
    } catch (IOException | CertificateException unusable) {
      return Finding.failed(
          id, setting + ": " + file, unusable.toString(), expected, "name the right file");
    }
  }

  private static Optional<Finding> key(String setting, Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
          ? Optional.of(
              Finding.warning(
                  "settings.key",
                  setting + ": " + file,
                  "everybody on this machine can read it",
                  "the user of the relay alone",
                  "chmod o-rw " + file))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException unknown) {
      return Optional.empty(); // what cannot be read is said of the certificate, and by relay run
    }
  }
}
