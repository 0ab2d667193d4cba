package io.aliecs.relay.host.check.station;

import io.aliecs.relay.host.api.RelayApi;
import io.aliecs.relay.host.check.station.Finding.Level;
import io.aliecs.relay.text.Causes;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebSecurity.PemFiles;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The relay on this host, if it runs: its leader and whether it is ready, by its own word. */
public record RelayStation(WebOptions options) {
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final String TROUBLE = "\"What can go wrong\" in docs/operating.md";

  /** Blocks for some seconds at most. */
  public List<Finding> look() throws InterruptedException {
    Optional<PemFiles> tls = options.security().management();
    String host = options.managementHost();
    String base =
        (tls.isPresent() ? "https://" : "http://")
            + (host.contains(":") ? "[" + host + "]" : host)
            + ":"
            + options.managementPort();
    Path trusted = tls.map(PemFiles::certificate).orElse(null);
    try {
      return checks(new RelayApi(base, trusted, null, ANSWER).getAnyway("/health/ready"));
    } catch (IOException | IllegalArgumentException silent) {
      return List.of(
          Causes.of(silent).stream().anyMatch(ConnectException.class::isInstance)
              ? absent(base)
              : unusable(base, silent),
          Finding.skipped("relay.leader", "leader: no relay answers here"),
          Finding.skipped("relay.ready", "readiness: no relay answers here"));
    }
  }

  private static Finding absent(String base) {
    return Finding.warning(
        "relay",
        "relay on this host",
        "nothing listens at " + base,
        "a relay that runs, where one should",
        "systemctl start aliecs-relay, or relay run; if it runs with other settings, give this"
            + " command the same");
  }

  private static Finding unusable(String base, Exception failure) {
    String found = String.valueOf(failure.getMessage()).replaceFirst(" \\(expected: .*", "");
    return Finding.failed(
        "relay",
        "relay on this host",
        found,
        "the health of a relay at " + base,
        "look at what listens there, and at its log");
  }

  private static List<Finding> checks(JsonObject health) {
    List<Finding> findings = new ArrayList<>();
    JsonArray checks = health.getJsonArray("checks", new JsonArray());
    for (int i = 0; i < checks.size(); i++) {
      findings.add(check(checks.getJsonObject(i)));
    }
    boolean named = findings.stream().anyMatch(finding -> finding.level() == Level.FAILED);
    if ("UP".equals(health.getString("status"))) {
      findings.add(Finding.ok("relay.ready", "the relay on this host is ready"));
    } else if (!named) {
      findings.add(
          Finding.failed(
              "relay.ready",
              "the relay on this host",
              "not ready",
              "ready",
              "look at its log, and whether it is a relay that answers there"));
    }
    return findings;
  }

  private static Finding check(JsonObject check) {
    String name = check.getString("name");
    String id = "relay." + name;
    String reason = check.getString("reason", "");
    String text = "check " + name + " of the relay on this host";
    return switch (check.getString("status", "")) {
      case "UP" -> Finding.ok(id, text + ": " + reason);
      case "ABSENT" -> Finding.skipped(id, text + ": " + reason);
      default ->
          check.getBoolean("required", false)
              ? Finding.failed(id, text, reason, TROUBLE)
              : Finding.warning(id, text, reason, TROUBLE);
    };
  }
}
