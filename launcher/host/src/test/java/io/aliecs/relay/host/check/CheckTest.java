package io.aliecs.relay.host.check;

import static io.aliecs.relay.consul.ConsulOptions.KAFKA_ENABLED_KEY;
import static io.aliecs.relay.consul.ConsulOptions.SETTINGS_KEY;
import static io.aliecs.relay.host.check.station.Finding.Level.FAILED;
import static io.aliecs.relay.host.check.station.Finding.Level.OK;
import static io.aliecs.relay.host.check.station.Finding.Level.SKIPPED;
import static io.aliecs.relay.host.check.station.Finding.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.check.station.Finding;
import io.aliecs.relay.host.check.station.Finding.Level;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** A site that is in order, and one that is broken in one way after the other. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class CheckTest {
  /** More than a machine that has other things to do takes. */
  private static final Duration LONGEST = Chain.LONGEST.plusSeconds(10);

  @TempDir static Path folder;
  private static Site site;

  @BeforeAll
  static void open(Vertx vertx) throws Exception {
    site = new Site(vertx, folder);
  }

  @AfterAll
  static void close() {
    site.close();
  }

  @BeforeEach
  void mend() throws Exception {
    site.mend();
  }

  @Test
  void aSiteThatIsInOrderHasNothingToLookAtAndIsLeftAsItWas() throws Exception {
    site.look();
    List<String> before = site.topics();
    List<Finding> findings = site.look();
    assertThat(findings).extracting(Finding::level).as("%s", findings).containsOnly(OK);
    assertThat(findings)
        .extracting(Finding::id)
        .containsSubsequence(
            "settings",
            "settings.token",
            "consul",
            "consul.settings",
            "consul.kafka-enabled",
            "kafka.broker",
            "kafka.login",
            "kafka.transactional-id",
            "kafka.topics",
            "source.broker",
            "source.topics",
            "core",
            "hosts",
            "relay.leader",
            "relay.ready",
            "published");
    assertThat(said(findings, "published")).contains("run 4711 of 2oDvieFrVTi");
    assertThat(said(findings, "consul.settings")).contains("publishing is on, to 127.0.0.1");
    assertThat(site.topics()).isEqualTo(before);
  }

  @Test
  void aSiteBehindPasswordsOrTlsIsInOrderToo() throws Exception {
    site.throughPasswords(true);
    assertThat(said(site.look(), "kafka.login")).contains("lets in user relay by SASL_PLAINTEXT");
    site.mend();
    site.throughTls(false, site.authority.trustStore());
    assertThat(site.look()).extracting(Finding::level).containsOnly(OK);
  }

  /** A way to break it, and what has to be said. */
  private record Fault(String name, Level level, String id, Breakage breakage, String... words) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Breakage {
    void of(Site site) throws Exception;
  }

  private static Fault fault(
      String name, Level level, String id, Breakage breakage, String... words) {
    return new Fault(name, level, id, breakage, words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"ofSettings", "ofConsul", "ofBrokers", "ofTopics", "ofTheRest"})
  void aFaultIsNamed(Fault fault) throws Exception {
    fault.breakage().of(site);
    long begun = System.nanoTime();
    List<Finding> findings = site.look();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
    assertThat(findings)
        .as("%s", findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.id()).isEqualTo(fault.id());
              assertThat(finding.level()).isEqualTo(fault.level());
              assertThat(finding.sentence()).contains(fault.words());
              assertThat(finding.action()).isNotEmpty();
              assertThat(finding.sentence()).doesNotContain("Exception", "-Horse-");
            });
    assertThat(findings)
        .as("nothing else fails: %s", findings)
        .allMatch(finding -> finding.level() != FAILED || finding.id().equals(fault.id()));
  }

  static Stream<Fault> ofSettings() {
    return Stream.of(
        fault(
            "YAML that is broken",
            FAILED,
            "settings",
            at -> Files.writeString(at.file, "http:\n port: 8080\n  host: [\n"),
            "line 3",
            "expected: YAML"),
        fault(
            "a key that nobody knows",
            FAILED,
            "settings",
            at -> Files.writeString(at.file, "http:\n  prot: 8080\n"),
            "http.prot",
            "no such setting"),
        fault(
            "a port that is none",
            FAILED,
            "settings",
            at -> at.set("http.port", "many"),
            "http.port",
            "\"many\"",
            "a whole number"),
        fault(
            "a file that is not there",
            FAILED,
            "settings",
            at -> at.file = at.file.resolveSibling("absent.yaml"),
            "absent.yaml",
            "no such file"),
        fault(
            "a variable that is mistyped",
            FAILED,
            "settings",
            at -> at.environment.put("RELAY_HTTP_PROT", "1"),
            "RELAY_HTTP_PROT",
            "RELAY_HTTP_PORT"),
        fault(
            "a token that others can read",
            FAILED,
            "settings.token",
            at -> at.set("http.token-file", at.secret("t", "0123456789abcdef", "rw-r--r--") + ""),
            "can be read by others",
            "chmod o-rw"),
        fault(
            "a token that can be guessed",
            FAILED,
            "settings.token",
            at -> at.set("http.token-file", at.secret("short", "0123", "rw-------") + ""),
            "16 or more"),
        fault(
            "a certificate that has ended",
            FAILED,
            "settings.certificate",
            at -> {
              var pem = at.authority.issuePem("web", true);
              at.set("http.tls.certificate", pem.certificate().toString());
              at.set("http.tls.key", pem.key().toString());
            },
            "http.tls.certificate",
            "ended 2"),
        fault(
            "a certificate that ends soon, with a key that others can read",
            WARNING,
            "settings.key",
            at -> {
              var pem = at.authority.issuePem("web", false);
              at.set("http.tls.certificate", pem.certificate().toString());
              at.set(
                  "http.tls.key",
                  at.secret("key.pem", Files.readString(pem.key()), "rw-r--r--").toString());
            },
            "http.tls.key",
            "chmod o-rw"));
  }

  static Stream<Fault> ofConsul() {
    return Stream.of(
        fault(
            "Consul is down",
            FAILED,
            "consul",
            at -> at.environment.put("CONSUL_HTTP_ADDR", Site.closed()),
            "Connection refused",
            "CONSUL_HTTP_ADDR"),
        fault(
            "Consul has a name that nobody knows",
            FAILED,
            "consul",
            at -> at.environment.put("CONSUL_HTTP_ADDR", Site.NOWHERE + ":8500"),
            "no such name"),
        fault(
            "Consul does not know the token",
            FAILED,
            "consul.rights",
            at -> at.environment.remove("CONSUL_HTTP_TOKEN"),
            "forbidden",
            "acl-policy.hcl"),
        fault(
            "the file of the token is empty",
            FAILED,
            "consul.token",
            at ->
                at.environment.put(
                    "CONSUL_HTTP_TOKEN_FILE", at.secret("none", "", "rw-------") + ""),
            "found it empty"),
        fault(
            "the document is not there",
            FAILED,
            "consul.settings",
            at -> at.delete(SETTINGS_KEY),
            "no such key",
            "conf/consul"),
        fault(
            "the document cannot be parsed",
            FAILED,
            "consul.settings",
            at -> at.put(SETTINGS_KEY, "integrationPlugins: [kafka\n"),
            "broken YAML"),
        fault(
            "the document has an endpoint without a port",
            FAILED,
            "consul.settings",
            at -> at.put(SETTINGS_KEY, "integrationPlugins: [kafka]\nkafkaEndpoint: broker\n"),
            "kafkaEndpoint (line 2, column 16)",
            "'broker'"),
        fault(
            "the plugin is off",
            WARNING,
            "consul.off",
            at -> at.put(SETTINGS_KEY, "kafkaEndpoint: \"" + at.openDoor() + "\"\n"),
            "integrationPlugins does not hold kafka"),
        fault(
            "AliECS writes no stream",
            WARNING,
            "consul.off",
            at ->
                at.put(
                    SETTINGS_KEY, "enableKafka: false\nkafkaEndpoint: \"" + at.openDoor() + "\"\n"),
            "enableKafka is false"),
        fault(
            "the plugin is spelled otherwise",
            WARNING,
            "consul.settings",
            at ->
                at.put(
                    SETTINGS_KEY,
                    "integrationPlugins: [KAFKA]\nkafkaEndpoint: \"" + at.openDoor() + "\"\n"),
            "'KAFKA'",
            "exactly kafka"),
        fault(
            "the default of environments is not there",
            WARNING,
            "consul.kafka-enabled",
            at -> at.delete(KAFKA_ENABLED_KEY),
            "no such key"),
        fault(
            "the default of environments is no word of it",
            WARNING,
            "consul.kafka-enabled",
            at -> at.put(KAFKA_ENABLED_KEY, "TRUE"),
            "'TRUE'",
            "exactly true or false"));
  }

  static Stream<Fault> ofBrokers() {
    return Stream.of(
        fault(
            "a broker with a name that nobody knows",
            FAILED,
            "kafka.broker-name",
            at -> at.publishTo(Site.NOWHERE + ":9092"),
            Site.NOWHERE,
            "no such name"),
        fault(
            "a broker that does not listen",
            FAILED,
            "kafka.broker-port",
            at -> at.publishTo(Site.closed()),
            "refused"),
        fault(
            "one broker of two that does not listen",
            WARNING,
            "kafka.broker-port",
            at -> at.publishTo(at.openDoor(), Site.closed()),
            "refused"),
        fault(
            "a broker that says nothing",
            FAILED,
            "kafka.answer",
            at -> at.publishTo(at.silent()),
            "an answer of Kafka"),
        fault(
            "a broker that wants a password and is shown none",
            FAILED,
            "kafka.answer",
            at -> {
              at.throughPasswords(true);
              at.flags.keySet().removeIf(name -> name.startsWith("kafka.client."));
            },
            "kafka.client.security.protocol"),
        fault(
            "a broker of another authority",
            FAILED,
            "kafka.tls",
            at ->
                at.throughTls(
                    false,
                    new CertificateAuthority(folder.resolve("stranger"), "123456").trustStore()),
            "no TLS",
            "kafka.client.ssl.truststore.location"),
        fault(
            "a broker with a certificate that has ended",
            FAILED,
            "kafka.tls",
            at -> at.throughTls(true, at.authority.trustStore()),
            "NotAfter"),
        fault(
            "a wrong password",
            FAILED,
            "kafka.login",
            at -> at.throughPasswords(false),
            "user relay",
            "does not let in"),
        fault(
            "a trust store that is not there",
            FAILED,
            "kafka.client",
            at -> at.throughTls(false, folder.resolve("absent.p12")),
            "absent.p12"));
  }

  static Stream<Fault> ofTopics() {
    return Stream.of(
        fault(
            "a topic that is not there",
            WARNING,
            "kafka.topic-absent",
            at -> at.withoutTopic(Topics.BEFORE_START),
            Topics.BEFORE_START,
            "it makes them"),
        fault(
            "a topic that is not there and may not be made",
            FAILED,
            "kafka.topic-refused",
            at -> {
              at.withoutTopic(Topics.BEFORE_START);
              at.throughPasswords(true);
            },
            Topics.BEFORE_START,
            "the right Create"),
        fault(
            "a topic that may not be written",
            FAILED,
            "kafka.topic-rights",
            at -> {
              at.forbid(ResourceType.TOPIC, Topics.SOR, AclOperation.WRITE);
              at.throughPasswords(true);
            },
            Topics.SOR,
            "user relay",
            "the right Write"),
        fault(
            "a transactional id that may not be used",
            FAILED,
            "kafka.transactional-id",
            at -> {
              at.forbid(ResourceType.TRANSACTIONAL_ID, "aliecs-relay", AclOperation.ALL);
              at.throughPasswords(true);
            },
            "aliecs-relay",
            "may not use it"),
        fault(
            "lists that are compacted and should not be",
            WARNING,
            "kafka.topic-settings",
            at -> at.withPolicy(Site.LIST, "compact", "delete"),
            Site.LIST,
            "cleanup.policy is compact",
            "expected: delete"),
        fault(
            "lists that are not compacted and should be",
            WARNING,
            "kafka.topic-settings",
            at -> at.set("kafka.topic.compact-list", "true"),
            Site.LIST,
            "cleanup.policy is delete",
            "expected: compact"),
        fault(
            "a watermark that is not compacted",
            WARNING,
            "kafka.topic-settings",
            at -> at.withPolicy(Site.WATERMARK, "delete", "compact"),
            Site.WATERMARK,
            "cleanup.policy is delete"),
        fault(
            "a topic of AliECS that is not there",
            FAILED,
            "source.topic-absent",
            at -> at.withoutTopic("aliecs.run"),
            "aliecs.run",
            "kafkaEndpoints in Consul"),
        fault(
            "a topic of AliECS that may not be read",
            FAILED,
            "source.rights",
            at -> {
              at.forbid(ResourceType.TOPIC, "aliecs.run", AclOperation.DESCRIBE);
              at.throughPasswords(true);
            },
            "user relay",
            "aliecs.run"),
        fault(
            "a stream that has said nothing for long",
            WARNING,
            "source.old",
            at -> at.set("ingest.quiet-after", "1"),
            "aliecs.environment",
            "ingest.quiet-after"),
        fault(
            "a stream whose broker does not listen",
            FAILED,
            "source.broker-port",
            at -> at.set("ingest.bootstrap-servers", Site.closed()),
            "ingest.bootstrap-servers"));
  }

  static Stream<Fault> ofTheRest() {
    return Stream.of(
        fault(
            "no core",
            FAILED,
            "core",
            at -> at.set("aliecs.core", Site.closed()),
            "refused",
            "aliecs.core"),
        fault(
            "a core that says nothing",
            FAILED,
            "core",
            at -> at.set("aliecs.core", at.silent()),
            "the gRPC interface"),
        fault(
            "a core with a name that nobody knows",
            FAILED,
            "core.name",
            at -> at.set("aliecs.core", Site.NOWHERE + ":32102"),
            "no such name"),
        fault(
            "a core that is not set",
            WARNING,
            "core.unset",
            at -> at.set("aliecs.core", ""),
            "aliecs.core is empty"),
        fault(
            "a host with a name that nobody knows",
            FAILED,
            "hosts.name",
            at -> inCluster(at, Site.NOWHERE + ":8701"),
            "host relay-2",
            "cluster.hosts"),
        fault(
            "a host that does not run",
            WARNING,
            "hosts.port",
            at -> inCluster(at, Site.closed()),
            "host relay-2",
            "refused"),
        fault(
            "a start of run that somebody else has written",
            WARNING,
            "published.other",
            at -> {
              at.startRun(4712, Map.of());
              at.afterwards(() -> at.startRun(4711, Map.of("ce_source", "/aliecs-relay")));
            },
            "run 4712",
            "AliECS's own plugin"),
        fault(
            "no leader",
            FAILED,
            "relay.leader",
            at -> at.says("leader", "DOWN", "no leader is known (expected: a majority)"),
            "no leader is known"),
        fault(
            "no relay",
            WARNING,
            "relay",
            at -> at.set("management.port", Site.closed().split(":")[1]),
            "nothing listens"),
        fault(
            "a relay that says nothing",
            FAILED,
            "relay",
            at -> at.set("management.port", at.silent().split(":")[1]),
            "timed out"));
  }

  private static void inCluster(Site at, String other) {
    at.set("cluster.hosts", "relay-1=" + at.openDoor() + ",relay-2=" + other);
    at.set("cluster.plain-text", "true");
  }

  @Test
  void whatCannotBeLookedAtIsSkippedAndSaysWhy() throws Exception {
    site.environment.put("CONSUL_HTTP_ADDR", Site.closed());
    List<Finding> findings = site.look();
    assertThat(findings)
        .filteredOn(finding -> finding.level() == SKIPPED)
        .extracting(Finding::id)
        .containsExactly("consul.settings", "consul.kafka-enabled", "kafka", "source", "published");
    assertThat(said(findings, "kafka")).contains("in Consul");
    assertThat(said(findings, "core")).contains("answers");
  }

  @Test
  void aSiteOfWhichNothingAnswersIsToldInItsTime() throws Exception {
    site.publishTo(site.silent());
    site.set("ingest.bootstrap-servers", site.silent());
    site.set("aliecs.core", site.silent());
    site.set("management.port", site.silent().split(":")[1]);
    long begun = System.nanoTime();
    assertThat(site.look())
        .filteredOn(finding -> finding.level() == FAILED)
        .extracting(Finding::id)
        .containsExactly("kafka.answer", "source.answer", "core", "relay");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
  }

  @Test
  void theExitCodeSaysWhetherSomethingFailed() {
    StringWriter out = new StringWriter();
    CommandLine command =
        new CommandLine(new CheckCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(new StringWriter()));
    assertThat(command.execute("--set", "http.prot=1")).isOne();
    assertThat(out.toString()).contains("failed   settings", "skipped  consul", "1 failed");
    assertThat(command.execute("--nonsense")).isEqualTo(2);
  }

  @Test
  void findingsAreLinesForPeopleAndOneObjectForPrograms() throws Exception {
    site.set("aliecs.core", "");
    List<Finding> findings = site.look();
    assertThat(written(findings, false))
        .contains("warning  core.unset             AliECS's core: not asked: aliecs.core is empty")
        .endsWith("0 failed, 1 to look at, " + (findings.size() - 1) + " ok, 0 skipped\n");
    JsonObject all = new JsonObject(written(findings, true));
    assertThat(all.getString("level")).isEqualTo("warning");
    assertThat(all.getJsonArray("findings").getJsonObject(0).getMap())
        .containsOnlyKeys("id", "level", "text", "found", "expected", "action");
  }

  private static String written(List<Finding> findings, boolean json) {
    StringWriter text = new StringWriter();
    Report report = new Report(new PrintWriter(text), json, false);
    report.add(findings);
    report.end();
    return text.toString();
  }

  private static String said(List<Finding> findings, String id) {
    return findings.stream()
        .filter(finding -> finding.id().equals(id))
        .map(Finding::sentence)
        .findFirst()
        .orElse("nothing of " + id + " in " + findings);
  }
}
