package io.aliecs.relay.testkit.kafka;

import io.aliecs.relay.testkit.proxy.TcpProxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How to start a broker, in process ({@link EmbeddedKafka}) or as a process ({@link KafkaProcess}).
 *
 * @param dataDir where the broker keeps its data; formatted on first use, kept afterwards
 * @param port port for clients on 127.0.0.1; 0 takes a free one
 * @param advertisedPort port on 127.0.0.1 that clients are to connect to, for example that of a
 *     {@link TcpProxy}; 0 gives them the broker's own
 * @param overrides broker properties that win over the defaults; the listener of clients is named
 *     {@value EmbeddedKafka#CLIENT_LISTENER}
 */
public record KafkaOptions(
    Path dataDir, int port, int advertisedPort, Map<String, String> overrides) {

  public KafkaOptions {
    requirePort("port", port);
    requirePort("advertisedPort", advertisedPort);
    overrides = Map.copyOf(overrides);
  }

  /** A broker with its data in {@code dataDir}, on a free port. */
  public static KafkaOptions in(Path dataDir) {
    return new KafkaOptions(dataDir, 0, 0, Map.of());
  }

  /** The same on {@code port}; 0 takes a free one. */
  public KafkaOptions onPort(int port) {
    return new KafkaOptions(dataDir, port, advertisedPort, overrides);
  }

  /** The same, having clients connect to {@code port}; 0 gives them the broker's own. */
  public KafkaOptions advertising(int port) {
    return new KafkaOptions(dataDir, this.port, port, overrides);
  }

  /** The same with broker property {@code name} set to {@code value}. */
  public KafkaOptions with(String name, String value) {
    Map<String, String> more = new HashMap<>(overrides);
    more.put(name, value);
    return new KafkaOptions(dataDir, port, advertisedPort, more);
  }

  private static void requirePort(String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(name + ": " + port + " (expected: 0 to 65535)");
    }
  }
}
