package io.aliecs.relay.lab.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class DevSettingsTest {
  private static final String BROKER = "127.0.0.1:9092";

  private static Object read(String document) {
    return new Load(LoadSettings.builder().build()).loadFromString(document);
  }

  @Test
  void aFirstDocumentHasPublishingOn() {
    assertThat(read(DevSettings.of(BROKER)))
        .isEqualTo(
            Map.of("kafkaEndpoints", List.of(BROKER), "integrationPlugins", List.of("kafka")));
  }

  @Test
  void aDocumentThatNamesTheBrokerStaysAsItIs() {
    assertThat(DevSettings.naming(BROKER, DevSettings.of(BROKER))).isEmpty();
    assertThat(
            DevSettings.naming(
                BROKER, "kafkaEndpoint: \"127.0.0.1:9092\"\nintegrationPlugins: []\n"))
        .isEmpty();
  }

  @Test
  void anotherBrokerIsRenamedAndAllElseKept() {
    String document =
        "kafkaEndpoint: \"127.0.0.1:1\"\nintegrationPlugins: []\ncontrolPort: 47102\nx: {y: [1]}\n";
    assertThat(read(DevSettings.naming(BROKER, document).orElseThrow()))
        .isEqualTo(
            Map.of(
                "kafkaEndpoints",
                List.of(BROKER),
                "integrationPlugins",
                List.of(),
                "controlPort",
                47102,
                "x",
                Map.of("y", List.of(1))));
  }

  @Test
  void messagesAndStreamAreBothToBeOnTheBroker() {
    String document = "kafkaEndpoint: \"" + BROKER + "\"\nkafkaEndpoints: [\"127.0.0.1:1\"]\n";
    assertThat(read(DevSettings.naming(BROKER, document).orElseThrow()))
        .isEqualTo(Map.of("kafkaEndpoints", List.of(BROKER)));
    String elsewhere = "kafkaEndpoint: \"127.0.0.1:1\"\nkafkaEndpoints: [\"" + BROKER + "\"]\n";
    assertThat(read(DevSettings.naming(BROKER, elsewhere).orElseThrow()))
        .isEqualTo(Map.of("kafkaEndpoints", List.of(BROKER)));
  }

  @Test
  void whatCannotBeReadIsReplaced() {
    for (String document : List.of("a: [", "", "just a text")) {
      assertThat(DevSettings.naming(BROKER, document)).contains(DevSettings.of(BROKER));
    }
  }
}
