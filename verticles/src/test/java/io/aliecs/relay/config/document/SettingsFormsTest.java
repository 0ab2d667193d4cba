package io.aliecs.relay.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The settings document as people, editors and programs write it, each form decided: as AliECS's
 * own reader (viper 1.18, cast 1.6, yaml.v3) has it, but that two documents, an empty one and what
 * it silently makes nothing of are refused.
 */
class SettingsFormsTest {

  private static final String K = "127.0.0.1:9092";
  private static final String ENDPOINT = "kafkaEndpoint: \"" + K + "\"\n";
  private static final String GOOD = ENDPOINT + "integrationPlugins:\n  - kafka\n";

  private enum Verdict {
    ON,
    OFF,
    REFUSED
  }

  static Stream<Arguments> plugins() {
    return Stream.of(
        on("as AliECS documents it", ENDPOINT + "integrationPlugins: \n        - kafka\n"),
        off("empty list", ENDPOINT + "integrationPlugins: []\n"),
        off("only item commented out", ENDPOINT + "integrationPlugins:\n#  - kafka\n"),
        off("null", ENDPOINT + "integrationPlugins: ~\n"),
        off("null in words", ENDPOINT + "integrationPlugins: NULL\n"),
        off("key commented out too", ENDPOINT + "#integrationPlugins:\n#  - kafka\n"),
        on("others beside it", ENDPOINT + "integrationPlugins: [dcs, kafka, odc]\n"),
        off("another only", ENDPOINT + "integrationPlugins: [dcs]\n"),
        on("one text", ENDPOINT + "integrationPlugins: kafka\n"),
        on("a text with blanks", ENDPOINT + "integrationPlugins: dcs kafka\n"),
        on("a text over lines", ENDPOINT + "integrationPlugins: |\n  dcs\n  kafka\n"),
        on("a text with a hard blank", ENDPOINT + "integrationPlugins: dcs\u00a0kafka\n"),
        off("a text with commas", ENDPOINT + "integrationPlugins: dcs,kafka\n"),
        off("a number", ENDPOINT + "integrationPlugins: 42\n"),
        off("a boolean", ENDPOINT + "integrationPlugins: true\n"),
        on("a number beside it", ENDPOINT + "integrationPlugins: [42, kafka]\n"),
        on("null beside it", ENDPOINT + "integrationPlugins:\n  -\n  - kafka\n"),
        off("capital letters", ENDPOINT + "integrationPlugins: [KAFKA]\n"),
        off("a blank behind, in quotes", ENDPOINT + "integrationPlugins: ['kafka ']\n"),
        refused("list in a list", ENDPOINT + "integrationPlugins: [[dcs, kafka]]\n"),
        refused("mapping", ENDPOINT + "integrationPlugins: {kafka: true}\n"));
  }

  static Stream<Arguments> documents() {
    return Stream.of(
        refused("tab as indentation", ENDPOINT + "integrationPlugins:\n\t- kafka\n"),
        refused("hard blanks as indentation", ENDPOINT + "integrationPlugins:\n\u00a0- kafka\n"),
        refused("typographic quotes", "kafkaEndpoint: \u201c" + K + "\u201d\n" + plugin()),
        refused("duplicate key", GOOD + "integrationPlugins: []\n"),
        refused("duplicate key in another case", GOOD + "INTEGRATIONPLUGINS: []\n"),
        on(
            "aliases",
            "x: &e '" + K + "'\np: &p [kafka]\nkafkaEndpoint: *e\nintegrationPlugins: *p\n"),
        on(
            "merge key",
            "b: &b\n  integrationPlugins: [kafka]\n  kafkaEndpoint: " + K + "\n<<: *b\n"),
        off("merge key, null wins", "b: &b " + json() + "\n<<: *b\nintegrationPlugins:\n"),
        on("byte order mark", "\ufeff" + GOOD),
        on("Windows lines", GOOD.replace("\n", "\r\n")),
        on("old Macintosh lines", GOOD.replace("\n", "\r")),
        on("JSON", json()),
        on(
            "JSON, indented by tabs",
            json().replace(",", ",\n\t").replace("[", "[\n\t\t").replace("\": ", "\":\t")),
        on("tabs inside brackets", ENDPOINT + "integrationPlugins: [\n\tdcs,\n\tkafka\n\t]\n"),
        on("tabs behind a colon", GOOD.replace("t: ", "t:\t")),
        on("start and end marked", "---\n" + GOOD + "...\n"),
        on("YAML 1.1 said", "%YAML 1.1\n---\n" + GOOD),
        refused("two documents", GOOD + "---\n" + GOOD),
        refused("comment only", "# nothing\n"),
        refused("empty", ""),
        on("keys in other cases", "KafkaEndpoint: " + K + "\nINTEGRATIONPLUGINS: [kafka]\n"),
        on("broken value of another plugin", "dcs: !!binary zzz\n" + GOOD),
        on("custom tag under another key", "odc: !vault abc\n" + GOOD),
        on("custom tag", "kafkaEndpoint: !vault '" + K + "'\n" + plugin()),
        off("no endpoint, off", "integrationPlugins: []\n"));
  }

  static Stream<Arguments> endpoints() {
    return Stream.of(
        refused("blank behind, in quotes", "kafkaEndpoint: '" + K + " '\n" + plugin()),
        on("blank behind, plain", "kafkaEndpoint: " + K + "   \n" + plugin()),
        refused("scheme", "kafkaEndpoint: PLAINTEXT://" + K + "\n" + plugin()),
        refused("two with a comma", "kafkaEndpoint: '" + K + "," + K + "'\n" + plugin()),
        refused("list for the one", "kafkaEndpoint: ['" + K + "']\n" + plugin()),
        on("IPv6", "kafkaEndpoint: '[::1]:9092'\n" + plugin()),
        on("null, list given", "kafkaEndpoint:\nkafkaEndpoints: ['" + K + "']\n" + plugin()),
        on("list commented out", ENDPOINT + "kafkaEndpoints:\n#  - x:1\n" + plugin()),
        on("list as one text", "kafkaEndpoints: " + K + "\n" + plugin()),
        on("list as a text with blanks", "kafkaEndpoints: a:1 b:2\n" + plugin()),
        refused("list as a text with commas", "kafkaEndpoints: '" + K + "," + K + "'\n" + plugin()),
        on("the same twice", "kafkaEndpoints: ['" + K + "', '" + K + "']\n" + plugin()),
        on("a host in capital letters", "kafkaEndpoints: [LOCALHOST:9092]\n" + plugin()),
        on("null in the list", "kafkaEndpoints: [~, '" + K + "']\n" + plugin()),
        refused("only null in the list", "kafkaEndpoints: [~]\n" + plugin()),
        refused("a number", "kafkaEndpoint: 9092\n" + plugin()));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource({"plugins", "documents", "endpoints"})
  void isDecided(String name, String document, Verdict verdict) {
    assertThat(verdict(document)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @MethodSource("utf16")
  void isNotReadInUtf16(byte[] document) {
    String decoded = new String(document, StandardCharsets.UTF_8);
    assertThat(verdict(decoded)).isEqualTo(Verdict.REFUSED);
  }

  static Stream<byte[]> utf16() {
    return Stream.of(
        ("\ufeff" + GOOD).getBytes(StandardCharsets.UTF_16LE),
        ("\ufeff" + GOOD).getBytes(StandardCharsets.UTF_16BE));
  }

  @ParameterizedTest
  @MethodSource("nearMisses")
  void whatNearlyTurnsPublishingOnIsSaid(String plugins) throws RefusedException {
    assertThat(SettingsDocument.parse(ENDPOINT + "integrationPlugins: " + plugins).surprises())
        .singleElement()
        .asString()
        .startsWith("integrationPlugins (line 2, column ")
        .contains("(expected: exactly kafka)");
  }

  static Stream<String> nearMisses() {
    return Stream.of("[KAFKA]", "['kafka ']", "Kafka", "['dcs kafka']");
  }

  private static Verdict verdict(String document) {
    try {
      return SettingsDocument.parse(document).kafkaPlugin() ? Verdict.ON : Verdict.OFF;
    } catch (RefusedException e) {
      return Verdict.REFUSED;
    }
  }

  private static String plugin() {
    return "integrationPlugins: [kafka]\n";
  }

  private static String json() {
    return "{\"kafkaEndpoint\": \"" + K + "\", \"integrationPlugins\": [\"kafka\"]}";
  }

  private static Arguments on(String name, String document) {
    return Arguments.of(name, document, Verdict.ON);
  }

  private static Arguments off(String name, String document) {
    return Arguments.of(name, document, Verdict.OFF);
  }

  private static Arguments refused(String name, String document) {
    return Arguments.of(name, document, Verdict.REFUSED);
  }
}
