package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.FreePort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is shipped for Grafana and Prometheus, and what the documents say, fits a running relay. */
class MonitoringIT {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path DASHBOARD = ROOT.resolve("conf/grafana/dashboards/aliecs-relay.json");
  private static final Path ALERTS = ROOT.resolve("conf/prometheus/alerts.yaml");
  private static final Pattern METRIC = Pattern.compile("\\b(?:relay|jvm)_[a-z0-9_]+");
  private static final Pattern SELECTOR = Pattern.compile("\\b(relay_[a-z0-9_]+)(?:\\{([^}]*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=~?\"([^\"]*)\"");

  @TempDir private static Path folder;
  private static Site site;
  private static HostProcess relay;

  /** What it had when it had done nothing yet. */
  private static Set<String> freshSeries;

  @BeforeAll
  static void runALife() throws Exception {
    site = Site.open(folder);
    relay = site.relay("monitoring", asOneOfACluster()).start();
    freshSeries = series();
    AliEcsEvents environment = AliEcsEvents.of("2env", Instant::now);
    site.write(environment.created(new EnvironmentSetup("2env", List.of("ITS"), "PHYSICS", true)));
    site.write(environment.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    site.write(environment.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    site.write(environment.startActivity(4711, FailurePoint.NONE));
    site.awaitQuiet(relay);
  }

  /** Some metrics are there only with other hosts, and with certificates. */
  private static Map<String, String> asOneOfACluster() {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("tls"), "secret");
    CertificateAuthority.PemFiles issued = authority.issuePem("host", false);
    int port = FreePort.find();
    return Map.of(
        "consul.register",
        "true",
        "cluster.hosts",
        "relay-1=127.0.0.1:" + port,
        "cluster.tls.certificate",
        issued.certificate().toString(),
        "cluster.tls.key",
        issued.key().toString(),
        "cluster.tls.authority",
        authority.certificate().toString());
  }

  @AfterAll
  static void close() throws Exception {
    try (Site ended = site;
        HostProcess last = relay) {
      assertThat(last.terminate()).isZero();
    }
  }

  private static Set<String> metricsOfTheRelay() {
    return series().stream().map(one -> one.split("\\{", 2)[0]).collect(Collectors.toSet());
  }

  /** Names with labels, as in {@code relay_events_total{verdict="applied"}}. */
  private static Set<String> series() {
    return relay
        .metrics()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .collect(Collectors.toSet());
  }

  private static Set<String> named(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(name -> name.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMetricThatIsNamedAnywhereIsThere() throws IOException {
    Set<String> there = metricsOfTheRelay();
    List<Path> files = new ArrayList<>(List.of(DASHBOARD, ALERTS, ROOT.resolve("README.md")));
    try (Stream<Path> documents = Files.list(ROOT.resolve("docs"))) {
      documents.filter(file -> file.toString().endsWith(".md")).forEach(files::add);
    }
    for (Path file : files) {
      assertThat(there).as("%s", file).containsAll(named(Files.readString(file)));
    }
    assertThat(named(Files.readString(DASHBOARD))).hasSizeGreaterThan(10);
    assertThat(named(Files.readString(ALERTS))).hasSizeGreaterThan(10);
  }

  @Test
  void everythingThatARuleSelectsIsThereFromTheStart() throws IOException {
    int selected = 0;
    for (Map<?, ?> rule : rules()) {
      for (MatchResult selector : all(SELECTOR, String.valueOf(rule.get("expr")))) {
        assertThat(freshSeries).as("%s", rule.get("alert")).anyMatch(isOf(selector.group(1), ""));
        String labels = selector.group(2) == null ? "" : selector.group(2);
        for (MatchResult label : all(LABEL, labels)) {
          for (String value : label.group(2).split("\\|", -1)) {
            String wanted = label.group(1) + "=\"" + value + "\"";
            assertThat(freshSeries)
                .as("%s", rule.get("alert"))
                .anyMatch(isOf(selector.group(1), wanted));
          }
        }
        selected++;
      }
    }
    assertThat(selected).isGreaterThan(15);
  }

  private static List<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static Predicate<String> isOf(String metric, String label) {
    return one -> one.split("\\{", 2)[0].equals(metric) && one.contains(label);
  }

  @Test
  void eachMetricSaysWhatItIs() {
    assertThat(relay.metrics().lines().filter(line -> line.startsWith("# HELP relay_")))
        .hasSizeGreaterThan(50)
        .allMatch(line -> line.split(" ", 4)[3].length() > 10);
  }

  @Test
  void noCounterAppearsOnlyWhenItCounts() {
    assertThat(series())
        .filteredOn(one -> one.startsWith("relay_") && one.split("\\{", 2)[0].endsWith("_total"))
        .isSubsetOf(freshSeries)
        .hasSizeGreaterThan(50);
  }

  @Test
  void everyStatementOfTheDashboardIsAnswered() throws IOException {
    JsonObject dashboard = new JsonObject(Files.readString(DASHBOARD));
    List<String> statements = new ArrayList<>();
    for (JsonObject variable : objects(dashboard.getJsonObject("templating"), "list")) {
      statements.add(variable.getString("query"));
    }
    for (JsonObject panel : objects(dashboard, "panels")) {
      for (JsonObject target : objects(panel, "targets")) {
        if (target.containsKey("query")) {
          statements.add(target.getString("query").replace("$run", "4711"));
        }
      }
    }
    assertThat(statements).hasSize(2);
    for (String statement : statements) {
      JsonArray rows =
          relay
              .get("/query?q=" + URLEncoder.encode(statement, StandardCharsets.UTF_8))
              .getJsonArray("results")
              .getJsonObject(0)
              .getJsonArray("series")
              .getJsonObject(0)
              .getJsonArray("values");
      assertThat(rows.encode()).as(statement).contains("4711");
    }
  }

  @Test
  void theDashboardFitsOnItsGridAndAsksOnlyProvisionedSources() throws IOException {
    JsonObject dashboard = new JsonObject(Files.readString(DASHBOARD));
    String sources =
        Files.readString(ROOT.resolve("conf/grafana/provisioning/datasources/aliecs-relay.yaml"));
    Set<Integer> ids = new TreeSet<>();
    for (JsonObject panel : objects(dashboard, "panels")) {
      JsonObject place = panel.getJsonObject("gridPos");
      assertThat(place.getInteger("x") + place.getInteger("w")).isLessThanOrEqualTo(24);
      assertThat(ids.add(panel.getInteger("id"))).isTrue();
      assertThat(sources).contains("uid: " + panel.getJsonObject("datasource").getString("uid"));
    }
  }

  @Test
  void allOfItIsWellFormed() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(ROOT.resolve("conf"))) {
      files = all.filter(file -> file.toString().endsWith(".yaml")).toList();
    }
    assertThat(files).contains(ALERTS);
    for (Path file : files) {
      new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }
    for (Map<?, ?> rule : rules()) {
      assertThat(rule.keySet())
          .extracting(String::valueOf)
          .contains("alert", "expr", "labels", "annotations");
    }
  }

  private static List<Map<?, ?>> rules() throws IOException {
    Map<?, ?> alerts =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(ALERTS));
    List<Map<?, ?>> rules = new ArrayList<>();
    for (Object group : (Collection<?>) alerts.get("groups")) {
      for (Object rule : (Collection<?>) ((Map<?, ?>) group).get("rules")) {
        rules.add((Map<?, ?>) rule);
      }
    }
    return rules;
  }

  private static List<JsonObject> objects(JsonObject in, String field) {
    return in.getJsonArray(field).stream().map(JsonObject.class::cast).toList();
  }
}
