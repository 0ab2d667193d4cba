package io.aliecs.relay.journal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.settings.ClusterHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalServerTest {
  @ParameterizedTest
  @CsvSource({"nosuch.invalid, Unresolved address", "192.0.2.77, Cannot assign"})
  void aHostThatCannotListenAtItsOwnAddressSaysWhichAndWhy(String host, String why) {
    assertThatThrownBy(() -> JournalServer.requireUsable(new ClusterHost("a", host, 8701)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cluster.hosts: a cannot listen on " + host + ":8701: " + why)
        .hasMessageContaining("expected: ");
  }

  @Test
  void aHostDoesNotListenWhereSomebodyElseDoes() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      ClusterHost taken = new ClusterHost("a", "127.0.0.1", other.getLocalPort());
      assertThatThrownBy(() -> JournalServer.requireUsable(taken)).hasMessageContaining("in use");
      other.close();
      assertThatCode(() -> JournalServer.requireUsable(taken)).doesNotThrowAnyException();
    }
  }
}
