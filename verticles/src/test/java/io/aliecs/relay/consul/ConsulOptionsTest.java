package io.aliecs.relay.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.consul.ConsulOptions.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Consul's own environment variables. */
class ConsulOptionsTest {

  @Test
  void withoutVariablesItIsTheAgentOfThisHost() {
    ConsulOptions options = ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_ADDR", ""));
    assertThat(options.addresses()).containsExactly(new Address(false, "127.0.0.1", 8500));
    assertThat(options.queryWait()).isEqualTo(Duration.ofSeconds(60));
    assertThat(options.token()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "consul:8501, false, http://consul:8501",
    "consul, false, http://consul:8500",
    "consul:8501, true, https://consul:8501",
    "http://consul:8501, true, http://consul:8501",
    "https://consul:8501/, false, https://consul:8501",
    "[::1]:8500, false, http://[::1]:8500"
  })
  void addressesWithAndWithoutScheme(String text, boolean tls, String url) {
    ConsulOptions options =
        ConsulOptions.fromEnvironment(
            Map.of("CONSUL_HTTP_ADDR", text, "CONSUL_HTTP_SSL", String.valueOf(tls)));
    assertThat(options.addresses().get(0)).hasToString(url);
  }

  @Test
  void severalAddresses() {
    assertThat(
            ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_ADDR", "a:1, https://b:2"))
                .addresses())
        .containsExactly(new Address(false, "a", 1), new Address(true, "b", 2));
  }

  @Test
  void filesAndTokens() {
    ConsulOptions options =
        ConsulOptions.fromEnvironment(
            Map.of(
                "CONSUL_HTTP_TOKEN", "the-secret",
                "CONSUL_HTTP_TOKEN_FILE", "/run/token",
                "CONSUL_CACERT", "/etc/ca.pem",
                "CONSUL_CLIENT_CERT", "/etc/cert.pem",
                "CONSUL_CLIENT_KEY", "/etc/key.pem"));
    assertThat(options.token()).contains("the-secret");
    assertThat(options.tokenFile()).contains(Path.of("/run/token"));
    assertThat(options.caCert()).contains(Path.of("/etc/ca.pem"));
    assertThat(options.clientCert()).contains(Path.of("/etc/cert.pem"));
    assertThat(options.clientKey()).contains(Path.of("/etc/key.pem"));
    assertThat(options).asString().doesNotContain("the-secret").contains("token=(set)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unix:///run/consul.sock",
        "ftp://a:1",
        "a:b",
        "a:0",
        "a:65536",
        "a:1/path",
        "a,,b"
      })
  void otherAddressesAreRefused(String text) {
    assertThatThrownBy(() -> ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_ADDR", text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: ");
  }

  @Test
  void wrongValuesAreNamed() {
    assertThatThrownBy(() -> ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_SSL", "maybe")))
        .hasMessage("CONSUL_HTTP_SSL: found 'maybe' (expected: true or false)");
    assertThatThrownBy(() -> ConsulOptions.fromEnvironment(Map.of("CONSUL_CLIENT_CERT", "c.pem")))
        .hasMessageContaining("found only the certificate (expected: both or none)");
    assertThatThrownBy(() -> ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_TOKEN", "s3cret\n")))
        .hasMessageStartingWith("token: found")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> ConsulOptions.fromEnvironment(Map.of()).in("", Duration.ZERO))
        .hasMessage("queryWait: found PT0S (expected: PT1S to PT10M)");
  }
}
