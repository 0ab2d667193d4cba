package io.aliecs.relay.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClientPropertiesTest {
  @TempDir Path folder;

  @Test
  void aValueInAFileIsReadWheneverItIsAskedFor() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "old\n");
    KafkaClientProperties properties =
        new KafkaClientProperties(
            Map.of("ssl.keystore.password-file", file.toString(), "client.rack", "p2"));
    assertThat(properties.resolve())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("ssl.keystore.password", "old", "client.rack", "p2"));
    Files.writeString(file, "new");
    assertThat(properties.resolve()).containsEntry("ssl.keystore.password", "new");
  }

  @Test
  void aFileThatIsMissingOrEmptyIsNamedWithItsSetting() throws Exception {
    Path file = folder.resolve("password");
    KafkaClientProperties properties =
        new KafkaClientProperties(Map.of("ssl.key.password-file", file.toString()));
    assertThatIllegalArgumentException()
        .isThrownBy(properties::resolve)
        .withMessageContainingAll(
            "kafka.client.ssl.key.password-file", file.toString(), "expected");
    Files.writeString(file, " \n");
    assertThatIllegalArgumentException()
        .isThrownBy(properties::resolve)
        .withMessageContaining("is empty");
  }

  @Test
  void onePropertyHasOneValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new KafkaClientProperties(
                    Map.of("sasl.jaas.config", "a", "sasl.jaas.config-file", "b")))
        .withMessageContainingAll("kafka.client.sasl.jaas.config-file", "expected: one of the two");
  }

  @Test
  void thePrincipalIsTheUserOrTheCertificateAndNeverThePassword() {
    assertThat(
            new KafkaClientProperties(
                    Map.of("sasl.jaas.config", "M required username=\"relay\" password=\"s\";"))
                .principal())
        .isEqualTo("user relay");
    assertThat(new KafkaClientProperties(Map.of("ssl.keystore.location", "/a.p12")).principal())
        .isEqualTo("the certificate in /a.p12");
    assertThat(new KafkaClientProperties(Map.of()).principal()).contains("PLAINTEXT");
  }

  @Test
  void valuesAreNeverShown() {
    assertThat(new KafkaClientProperties(Map.of("ssl.key.password", "secret")).toString())
        .contains("ssl.key.password")
        .doesNotContain("secret");
  }
}
