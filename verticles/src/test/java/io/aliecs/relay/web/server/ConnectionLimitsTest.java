package io.aliecs.relay.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  @Test
  void oneAddressLeavesHalfOfTheConnectionsToOthersHoweverFewThereAre() {
    assertThat(ConnectionLimits.of(12, 1_000).perAddress()).isEqualTo(6);
    assertThat(ConnectionLimits.of(12, 4).perAddress()).isEqualTo(4);
    assertThat(ConnectionLimits.of(1, 1_000).perAddress()).isEqualTo(1);
  }
}
