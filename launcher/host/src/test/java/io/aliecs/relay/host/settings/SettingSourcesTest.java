package io.aliecs.relay.host.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.WebOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingSourcesTest {
  @TempDir Path folder;

  @Test
  void theSampleFileNamesEverySettingWithItsDefaultUnderAComment() throws Exception {
    List<String> lines = Files.readAllLines(Path.of("../../conf/relay.yaml"));
    for (Setting setting : Setting.values()) {
      String line = ("# " + setting.key() + ": " + setting.fallback()).stripTrailing();
      assertThat(lines).contains(line);
      assertThat(lines.get(lines.indexOf(line) - 1)).startsWith("# ").doesNotMatch("# [a-z.-]+:.*");
    }
  }

  @Test
  void theSampleFileWithEveryLineTakenInMeansTheDefaults() throws Exception {
    String all =
        Files.readString(Path.of("../../conf/relay.yaml"))
            .replaceAll("(?m)^# ([a-z.-]+:.*)$", "$1")
            .replaceAll("(?m)^kafka\\.client.*$", "");
    assertThat(settings(file(all), Map.of(), Map.of()))
        .usingRecursiveComparison()
        .ignoringFields("effective") // which say where they came from
        .isEqualTo(settings(null, Map.of(), Map.of()));
  }

  @Test
  void httpIsForThisHostAloneUnlessTold() {
    WebOptions web = settings(null, Map.of(), Map.of()).web();
    assertThat(web.host()).isEqualTo("127.0.0.1");
    assertThat(web.managementHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void aBrokenFileIsNamedWithItsLineAndNothingOfWhatIsInIt() throws Exception {
    for (String broken :
        List.of(
            "kafka.client.sasl.jaas.config: \"secret\n",
            "http.port: 1\nkafka.client.x: *secret\n",
            "kafka.client.x: secret: secret\n",
            "- [secret\n",
            "\tsecret")) {
      Path file = file(broken);
      assertThatThrownBy(() -> settings(file, Map.of(), Map.of()))
          .hasMessageContaining("relay.yaml: ")
          .hasMessageContaining("(expected: ")
          .message()
          .doesNotContain("secret");
    }
  }

  @Test
  void eachIsShownWithItsOriginAndNoSecretIs() throws Exception {
    Path file =
        file(
            "http.port: 1001\nhost.id: a\nkafka.client.sasl.jaas.config: secret1\n"
                + "kafka.client.ssl.keystore.password: secret2\nkafka.client.some.day: secret3\n"
                + "kafka.client.security.protocol: SASL_SSL\n"
                + "kafka.client.ssl.key.password-file: /etc/key");
    List<EffectiveSetting> effective =
        settings(
                file,
                Map.of(
                    "RELAY_HOST_ID", "b",
                    "CONSUL_HTTP_ADDR", "consul:8500",
                    "CONSUL_HTTP_TOKEN", "secret4"),
                Map.of("journal.snapshot-every", "3001"))
            .effective();
    String from = file.toString();
    assertThat(effective)
        .contains(
            new EffectiveSetting("http.port", "1001", from),
            new EffectiveSetting("host.id", "b", "RELAY_HOST_ID"),
            new EffectiveSetting("journal.snapshot-every", "3001", "command line"),
            new EffectiveSetting("management.port", "8081", "default"),
            new EffectiveSetting("kafka.client.security.protocol", "SASL_SSL", from),
            new EffectiveSetting("kafka.client.ssl.key.password-file", "/etc/key", from),
            new EffectiveSetting("kafka.client.some.day", EffectiveSetting.MASK, from),
            new EffectiveSetting("CONSUL_HTTP_ADDR", "consul:8500", "environment"),
            new EffectiveSetting("CONSUL_HTTP_TOKEN", EffectiveSetting.MASK, "environment"));
    assertThat(effective.toString()).doesNotContain("secret");
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheFile() throws Exception {
    Path file = file("http: {port: 1001, host: 10.0.0.1}\nmanagement.port: 1002\nhost.id: a");
    RelaySettings settings =
        settings(
            file,
            Map.of("RELAY_HTTP_PORT", "2001", "RELAY_MANAGEMENT_PORT", "2002"),
            Map.of("http.port", "3001"));
    assertThat(settings.web()).isEqualTo(new WebOptions("10.0.0.1", 3001, "127.0.0.1", 2002));
    assertThat(settings.journal().hostId()).isEqualTo("a");
  }

  @Test
  void hostsAreListedInOneLineOrAsAYamlListAndNoneMeansThisHostAlone() throws Exception {
    List<ClusterHost> three =
        List.of(
            new ClusterHost("a", "10.0.0.1", 8701),
            new ClusterHost("b", "b.example", 8702),
            new ClusterHost("c", "[::1]", 8703));
    Path list =
        file(
            "cluster.plain-text: true\nhost.id: b\n"
                + "cluster: {hosts: ['a=10.0.0.1:8701', 'b=b.example:8702', 'c=[::1]:8703']}");
    assertThat(settings(list, Map.of(), Map.of()).journal().hosts()).isEqualTo(three);
    Map<String, String> line =
        Map.of(
            "RELAY_CLUSTER_HOSTS", "a=10.0.0.1:8701, b=b.example:8702,c=[::1]:8703",
            "RELAY_HOST_ID", "b",
            "RELAY_CLUSTER_PLAIN_TEXT", "true");
    JournalOptions journal = settings(null, line, Map.of()).journal();
    assertThat(journal.hosts()).isEqualTo(three);
    assertThat(journal.self()).isEqualTo(three.get(1));
    assertThat(journal.alone()).isFalse();
    JournalOptions alone = settings(null, Map.of(), Map.of()).journal();
    assertThat(alone.alone()).isTrue();
    assertThat(alone.hosts()).extracting(ClusterHost::id).containsExactly("relay-1");
  }

  @Test
  void hostsThatCannotBeToldApartAreRefused() {
    refusedHosts("b=10.0.0.1:8701", "[b]", "host.id \"relay-1\" among them");
    refusedHosts("relay-1=10.0.0.1:8701,relay-1=10.0.0.2:8701", "each host once");
    refusedHosts("relay-1=10.0.0.1:8701,b=10.0.0.1:8701", "each address once");
    refusedHosts("relay-1=10.0.0.1", "\"relay-1=10.0.0.1\"", "id=address:port");
    refusedHosts("relay-1=10.0.0.1:8701,", "\"\"", "id=address:port");
    refusedHosts("relay-1=10.0.0.1:0", "0", "1 to 65535");
    refusedHosts("relay-1=10.0.0.1:70000", "70000", "65535");
  }

  @Test
  void hostsGoWithoutCertificatesOnlyWhenItIsAskedFor() throws Exception {
    String away = "relay-1=10.0.0.1:8701,b=10.0.0.2:8701";
    refusedHosts(away, "cluster.tls.certificate", "cluster.plain-text: true");
    refusedHosts(
        "relay-1=127.0.0.1:8701", "on loopback too", "cluster.plain-text: true"); // no credential
    Path pem = Files.writeString(folder.resolve("a.pem"), "");
    Map<String, String> some =
        Map.of("cluster.hosts", away, "cluster.tls.certificate", pem.toString());
    refused(null, Map.of(), some, "cluster.tls.key", "all of cluster.tls.* or none");
    Map<String, String> all =
        Map.of(
            "cluster.hosts", away,
            "cluster.tls.certificate", pem.toString(),
            "cluster.tls.key", pem.toString(),
            "cluster.tls.authority", pem.toString());
    refused(null, Map.of(), all, "cluster.tls.certificate: " + pem, "certificates in PEM");
  }

  @Test
  void settingsOfBeforeAreNotLookedAt() {
    RelaySettings settings =
        settings(null, Map.of("RELAY_JOURNAL_HOST", "0.0.0.0"), Map.of("journal.port", "0"));
    assertThat(settings.journal().alone()).isTrue();
    assertThat(settings.effective())
        .extracting(EffectiveSetting::name)
        .doesNotContain("journal.port");
  }

  private static void refusedHosts(String hosts, String... parts) {
    refused(null, Map.of(), Map.of("cluster.hosts", hosts), parts);
  }

  @Test
  void consulIsAskedForTheDatacenterThatIsSetAndForTheAgentsOwnByDefault() throws Exception {
    assertThat(settings(null, Map.of(), Map.of()).consul().datacenter()).isEmpty();
    assertThat(settings(file("consul.datacenter: p2"), Map.of(), Map.of()).consul().datacenter())
        .contains("p2");
  }

  @Test
  void clientPropertiesReachKafkaAndAreNeverShown() throws Exception {
    Path file = file("kafka: {client: {sasl.jaas.config: 'password=\"secret\"'}}");
    RelaySettings settings = settings(file, Map.of(), Map.of());
    assertThat(settings.publisher().clientProperties().resolve())
        .containsEntry("sasl.jaas.config", "password=\"secret\"");
    assertThat(settings.toString()).doesNotContain("secret");
  }

  @Test
  void whatIsWrongIsNamedWithItsOriginWhatWasFoundAndWhatIsExpected() throws Exception {
    refused(file("http.prot: 80"), Map.of(), Map.of(), "http.prot", "no such setting", "http.port");
    refused(
        null,
        Map.of("RELAY_HTTP_PORT", "many"),
        Map.of(),
        "http.port (RELAY_HTTP_PORT)",
        "\"many\"",
        "a whole number");
    refused(null, Map.of(), Map.of("http.port", "70000"), "http.port", "70000", "65535");
    refused(null, Map.of(), Map.of("ingest.enabled", "yes"), "\"yes\"", "true or false");
    refused(null, Map.of(), Map.of("ingest.history", "forget"), "forget", "track or publish");
    for (String prefix : List.of("", ".", "aliecs", "a b.", "ä.", ".a.")) {
      refused(null, Map.of(), Map.of("kafka.topic-prefix", prefix), '"' + prefix + '"', "aliecs.");
    }
    refused(null, Map.of(), Map.of("consul.service-name", "a_b"), "\"a_b\"", "hyphens");
    refused(file("a: ["), Map.of(), Map.of(), "expected: YAML");
    refused(file("just a text"), Map.of(), Map.of(), "no settings in it");
    refused(folder.resolve("none"), Map.of(), Map.of(), "cannot be read", "a settings file");
  }

  @Test
  void aVariableThatIsNoneOfTheRelaysIsRefusedWithThoseThatMayBeMeant() {
    Map<String, String> mistyped = Map.of("RELAY_HTP_PORT", "80", "PATH", "/bin");
    refused(null, mistyped, Map.of(), "RELAY_HTP_PORT", "no such variable", "RELAY_HTTP_PORT");
    refused(null, Map.of("RELAY_JAVA_OPT", ""), Map.of(), "RELAY_JAVA_OPT", "RELAY_JAVA_OPTS");
    refused(null, Map.of("RELAY_KAFKA_CLIENT_ACKS", "1"), Map.of(), "RELAY_KAFKA_CLIENT_ACKS");
  }

  @Test
  void variablesThatOthersReadAreLetThrough() {
    for (String name :
        List.of(
            "RELAY_CONSUL",
            "RELAY_FAKETIME",
            "RELAY_JAVA_OPTS",
            "RELAY_KAFKA_LOG",
            "RELAY_LOG",
            "RELAY_RATIS_LOG")) {
      assertThat(settings(null, Map.of(name, "any"), Map.of()).web().port()).isEqualTo(8080);
    }
  }

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("relay.yaml"), text);
  }

  private static RelaySettings settings(
      Path file, Map<String, String> environment, Map<String, String> flags) {
    return RelaySettings.of(SettingSources.collect(file, environment, flags), environment);
  }

  private static void refused(
      Path file, Map<String, String> environment, Map<String, String> flags, String... parts) {
    assertThatThrownBy(() -> settings(file, environment, flags))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(parts)
        .contains("expected");
  }
}
