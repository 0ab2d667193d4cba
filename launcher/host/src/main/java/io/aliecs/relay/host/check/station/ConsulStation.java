package io.aliecs.relay.host.check.station;

import io.aliecs.relay.config.SettingsInspection;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Consul, and what its two keys mean.
 *
 * @param inForce what a host that starts now makes of them; empty when the document cannot be used
 * @param findings about them
 */
public record ConsulStation(Optional<PublishingSettings> inForce, List<Finding> findings) {
  private static final String DOCUMENT = "consul.settings";
  private static final String SWITCH = "consul.kafka-enabled";

  /** Asks. Blocks for some seconds at most. */
  public static ConsulStation look(Vertx vertx, ConsulOptions options) {
    try {
      return read(SettingsInspection.read(vertx, options).await(), options);
    } catch (Exception failed) {
      return new ConsulStation(
          Optional.empty(),
          List.of(
              away(ConsulException.of(failed)),
              Finding.skipped(DOCUMENT, ConsulOptions.SETTINGS_KEY + ": Consul was not read"),
              Finding.skipped(SWITCH, ConsulOptions.KAFKA_ENABLED_KEY + ": Consul was not read")));
    }
  }

  private static Finding away(ConsulException failure) {
    String message = failure.reason().label() + ", " + failure.getMessage();
    return switch (failure.reason()) {
      case FORBIDDEN ->
          Finding.failed(
              "consul.rights",
              "rights in Consul",
              message,
              "give the token of CONSUL_HTTP_TOKEN_FILE or CONSUL_HTTP_TOKEN the policy of"
                  + " conf/consul/acl-policy.hcl: read on both keys");
      case TOKEN_FILE ->
          Finding.failed(
              "consul.token",
              "token for Consul",
              message,
              "correct the file of CONSUL_HTTP_TOKEN_FILE; no restart");
      default ->
          Finding.failed(
              "consul",
              "Consul",
              message,
              "start the agent on this host, or correct CONSUL_HTTP_ADDR; a relay that runs keeps"
                  + " its last good settings meanwhile");
    };
  }

  private static ConsulStation read(SettingsStatus status, ConsulOptions options) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "consul", "Consul at " + options.addresses().get(0) + " lets both keys be read"));
    findings.addAll(document(status));
    findings.addAll(enabled(status));
    return new ConsulStation(
        status.established() ? Optional.of(status.inForce()) : Optional.empty(), findings);
  }

  private static List<Finding> document(SettingsStatus status) {
    List<Finding> findings = new ArrayList<>();
    for (Problem problem : problems(status, status.settingsKey())) {
      String action =
          switch (problem.kind()) {
            case MISSING -> "write it, conf/consul has a sample; AliECS reads the same key";
            case SURPRISING -> "correct it, if that is not what is meant; AliECS reads it alike";
            default ->
                "correct the document; a relay that runs keeps the last good one, and AliECS cannot"
                    + " use that value either";
          };
      findings.add(
          problem.kind() == Kind.SURPRISING
              ? Finding.warning(DOCUMENT, status.settingsKey(), message(problem), action)
              : Finding.failed(DOCUMENT, status.settingsKey(), message(problem), action));
    }
    if (status.established()) {
      findings.add(meaning(status));
    }
    return findings;
  }

  private static Finding meaning(SettingsStatus status) {
    PublishingSettings now = status.inForce();
    String what = status.settingsKey() + " (ModifyIndex " + now.settingsIndex() + ")";
    if (!now.streamEnabled()) {
      return Finding.warning(
          "consul.off",
          what,
          "enableKafka is false: no plugin, and AliECS writes no stream",
          "enableKafka true or absent, where runs are to be published",
          "take enableKafka out of the document, if publishing is meant to be on");
    }
    if (!now.pluginEnabled()) {
      return Finding.warning(
          "consul.off",
          what,
          "publishing is off: integrationPlugins does not hold kafka",
          "integrationPlugins with kafka, where runs are to be published",
          "put kafka into integrationPlugins, if publishing is meant to be on; no restart");
    }
    return Finding.ok(
        DOCUMENT,
        what
            + ": publishing is on, to "
            + String.join(", ", now.bootstrapServers())
            + "; AliECS writes its stream to "
            + String.join(", ", now.sourceServers())
            + ". AliECS's own plugin is on likewise, unless its core is started with"
            + " --integrationPlugins without kafka");
  }

  private static List<Finding> enabled(SettingsStatus status) {
    List<Finding> findings = new ArrayList<>();
    for (Problem problem : problems(status, status.kafkaEnabledKey())) {
      findings.add(
          Finding.warning(
              SWITCH,
              status.kafkaEnabledKey(),
              message(problem),
              "write true or false; AliECS takes anything but true for false, too"));
    }
    if (findings.isEmpty()) {
      boolean on = status.inForce().publishNewEnvironments();
      findings.add(
          Finding.ok(
              SWITCH,
              status.kafkaEnabledKey()
                  + ": "
                  + on
                  + ", new environments are "
                  + (on ? "" : "not ")
                  + "published unless their own kafka_enabled says otherwise"));
    }
    return findings;
  }

  private static List<Problem> problems(SettingsStatus status, String key) {
    return status.problems().stream().filter(problem -> problem.consulKey().equals(key)).toList();
  }

  /** Without the key, which begins it. */
  private static String message(Problem problem) {
    return problem.message().substring(problem.consulKey().length() + 2);
  }
}
