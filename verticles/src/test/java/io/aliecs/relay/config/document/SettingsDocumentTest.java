package io.aliecs.relay.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SettingsDocumentTest {

  @Example
  void oneBroker() {
    assertThat(accepted("kafkaEndpoint: \"10.1.2.3:9092\"\nintegrationPlugins: [dcs, kafka]\n"))
        .isEqualTo(one(true, "10.1.2.3:9092"));
  }

  @Example
  void messagesGoToTheOneAndTheStreamIsReadFromTheList() {
    SettingsDocument both =
        accepted(
            "kafkaEndpoint: a:1\nkafkaEndpoints: [b:2, \"[::1]:3\"]\nintegrationPlugins: [kafka]");
    assertThat(both.publishTo()).containsExactly("a:1");
    assertThat(both.readFrom()).containsExactly("b:2", "[::1]:3");
  }

  @Example
  void eitherServesForBothWhereItIsAlone() {
    for (String alone : List.of("kafkaEndpoint: a:1", "kafkaEndpoints: [a:1]")) {
      SettingsDocument document = accepted(alone + "\nintegrationPlugins: [kafka]");
      assertThat(document.publishTo()).isEqualTo(document.readFrom()).containsExactly("a:1");
    }
  }

  @Example
  void anEmptyListOfBrokersLeavesTheSingleOne() {
    assertThat(
            accepted("kafkaEndpoint: a:1\nkafkaEndpoints: []\nintegrationPlugins: [kafka]")
                .readFrom())
        .containsExactly("a:1");
  }

  @Example
  void kafkaDisabledMeansNeitherPluginNorStream() {
    String document = "kafkaEndpoint: a:1\nintegrationPlugins: [kafka]\nenableKafka: ";
    for (String no : List.of("false", "False", "0", "\"f\"", "0.0")) {
      SettingsDocument off = accepted(document + no);
      assertThat(off.kafkaPlugin()).as(no).isFalse();
      assertThat(off.streamEnabled()).as(no).isFalse();
    }
    for (String yes : List.of("true", "TRUE", "1", "\"T\"", "7", "~", "")) {
      SettingsDocument on = accepted(document + yes);
      assertThat(on.kafkaPlugin()).as(yes).isTrue();
      assertThat(on.streamEnabled()).as(yes).isTrue();
    }
  }

  @Example
  void noPluginsMeansOff() {
    assertThat(accepted("logLevel: debug\n"))
        .isEqualTo(new SettingsDocument(false, List.of(), List.of(), true, List.of()));
    assertThat(accepted("integrationPlugins: []\nkafkaEndpoint: \"\"\n").kafkaPlugin()).isFalse();
  }

  @Example
  void thePluginOffKeepsItsBrokers() {
    assertThat(accepted("integrationPlugins: [dcs]\nkafkaEndpoint: a:1\n"))
        .isEqualTo(one(false, "a:1"));
  }

  @Example
  void everythingElseIsIgnored() {
    String document =
        """
        ---
        # AliECS's own
        controlPort: 32102
        0x10: [a, {b: !!set {c}}]
        ? [complex, key]
        : whatever
        nested: {kafkaEndpoint: 1, integrationPlugins: 2, x: 1, x: 2}
        bad-ish: !custom 5
        mesosUrl: !!binary aGVsbG8=
        integrationPlugins: &plugins
          - "kafka"
        more: *plugins
        kafkaEndpoint: !!str my_broker:9092
        kafkaEndpoint2: !vault "a:1"
        """;
    assertThat(accepted(document)).isEqualTo(one(true, "my_broker:9092"));
  }

  @Example
  void mergedKeysCountAndAreOverridden() {
    String base = "base: &base\n  kafkaEndpoint: a:1\n  integrationPlugins: [kafka]\n<<: *base\n";
    assertThat(accepted(base)).isEqualTo(one(true, "a:1"));
    assertThat(accepted(base + "kafkaEndpoint: b:2\n").publishTo()).containsExactly("b:2");
  }

  @Example
  void aByteOrderMarkAndWindowsLinesAreFine() {
    assertThat(accepted("\uFEFFintegrationPlugins: [kafka]\r\nkafkaEndpoint: a:1\r\n").publishTo())
        .containsExactly("a:1");
  }

  @Property
  void whatIsWrittenIsRead(@ForAll("brokers") List<String> brokers, @ForAll boolean on) {
    String document =
        "integrationPlugins: "
            + (on ? "[dcs, kafka]" : "[dcs]")
            + "\nkafkaEndpoints:\n  - \""
            + String.join("\"\n  - \"", brokers)
            + "\"\n";
    assertThat(accepted(document))
        .isEqualTo(new SettingsDocument(on, brokers, brokers, true, List.of()));
  }

  @Property
  void anyBytesGiveAVerdict(@ForAll byte[] bytes) {
    judge(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property
  void anyTextGivesAVerdict(@ForAll("yamlish") String text) {
    judge(text);
  }

  @Property
  void anyEndpointTextIsValidOrQuotedInTheRefusal(@ForAll("hostile") String text) {
    String quoted =
        "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    judge("integrationPlugins: [kafka]\nkafkaEndpoint: " + quoted)
        .ifPresent(
            document -> {
              assertThat(document.publishTo()).containsExactly(text);
              assertThat(text).matches(".+:[0-9]{1,5}");
            });
  }

  @Property
  void portsOutsideTheirRangeAreRefused(@ForAll int port) {
    boolean valid = port >= 1 && port <= 65535;
    assertThat(Endpoint.isValid("broker:" + port)).isEqualTo(valid);
    assertThat(Endpoint.isValid("[fe80::1]:" + port)).isEqualTo(valid);
    assertThat(Endpoint.isValid("10.0.0.1:" + port)).isEqualTo(valid);
  }

  @Provide
  Arbitrary<List<String>> brokers() {
    return endpoints().list().ofMinSize(1).ofMaxSize(9);
  }

  private static Arbitrary<String> endpoints() {
    Arbitrary<String> names =
        Arbitraries.of(
            "a", "my_broker", "kafka-1.cern.ch", "localhost", "BROKER", "_x", "1a", "x.");
    Arbitrary<String> v4 =
        Arbitraries.integers().between(0, 255).list().ofSize(4).map(SettingsDocumentTest::dotted);
    Arbitrary<String> v6 =
        Arbitraries.of("[::1]", "[::]", "[2001:db8::8a2e:370:7334]", "[::ffff:10.1.2.3]");
    return Combinators.combine(
            Arbitraries.oneOf(names, v4, v6), Arbitraries.integers().between(1, 65535))
        .as((host, port) -> host + ":" + port);
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.strings().withChars("ab1:.[]-_%/ \n\u00e9\u202e,@").ofMaxLength(300);
  }

  @Provide
  Arbitrary<String> yamlish() {
    return Arbitraries.of(
            "kafkaEndpoint",
            "kafkaEndpoints",
            "integrationPlugins",
            "kafka",
            ": ",
            "\n",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
            "'",
            "\"",
            "a:1",
            "  ",
            "? ",
            "| ",
            "> ",
            "!!str ",
            "<<",
            "---\n",
            "#",
            "\t",
            "true",
            "~",
            ",")
        .list()
        .ofMaxSize(60)
        .map(parts -> String.join("", parts));
  }

  private static String dotted(List<Integer> parts) {
    return String.join(".", parts.stream().map(String::valueOf).toList());
  }

  private static SettingsDocument one(boolean plugin, String broker) {
    return new SettingsDocument(plugin, List.of(broker), List.of(broker), true, List.of());
  }

  private static SettingsDocument accepted(String text) {
    Optional<SettingsDocument> document = judge(text);
    assertThat(document).isPresent();
    return document.get();
  }

  /** Whatever it is: a verdict, and a sentence that is safe to log where it is refused. */
  private static Optional<SettingsDocument> judge(String text) {
    try {
      return Optional.of(SettingsDocument.parse(text));
    } catch (RefusedException refused) {
      String sentence = refused.sentence();
      assertThat(sentence).hasSizeLessThan(500).contains("(expected: ");
      assertThat(sentence.chars().filter(Character::isISOControl).count()).isZero();
      return Optional.empty();
    }
  }
}
