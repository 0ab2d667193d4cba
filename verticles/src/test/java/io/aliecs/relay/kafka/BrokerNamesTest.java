package io.aliecs.relay.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerNamesTest {

  @Test
  void namesThatNobodyKnowsAreSaidWithTheKeyThatTheyAreFrom() {
    assertThatThrownBy(
            () ->
                BrokerNames.requireOne(
                    List.of("nosuch.invalid:9092", "neither.invalid:9092"),
                    "kafkaEndpoints in Consul"))
        .isInstanceOf(ExplainedException.class)
        .hasMessageContaining("nosuch.invalid:9092, neither.invalid:9092: no such names")
        .hasMessageContaining("it is from kafkaEndpoints in Consul");
  }

  @Test
  void oneThatIsKnownIsEnough() {
    assertThatCode(
            () -> BrokerNames.requireOne(List.of("nosuch.invalid:9092", "127.0.0.1:1"), "a key"))
        .doesNotThrowAnyException();
    assertThatCode(() -> BrokerNames.requireOne(List.of("[::1]:9092"), "a key"))
        .doesNotThrowAnyException();
  }
}
