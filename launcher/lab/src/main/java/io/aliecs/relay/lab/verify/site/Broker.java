package io.aliecs.relay.lab.verify.site;

import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.kafka.KafkaOptions;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import io.aliecs.relay.testkit.proxy.TcpProxy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A broker as a process of its own, behind a proxy when its connections are to be broken. */
public final class Broker implements AutoCloseable {
  private final String name;
  private final KafkaProcess process;
  private final @Nullable TcpProxy proxy;
  private final String bootstrapServers;

  private Broker(
      String name, KafkaProcess process, @Nullable TcpProxy proxy, String bootstrapServers) {
    this.name = name;
    this.process = process;
    this.proxy = proxy;
    this.bootstrapServers = bootstrapServers;
  }

  static Broker start(String name, Path data, boolean proxied) {
    if (!proxied) {
      KafkaProcess process = KafkaProcess.start(data, 0);
      return new Broker(name, process, null, process.bootstrapServers());
    }
    int port = FreePort.find();
    TcpProxy proxy = TcpProxy.start("127.0.0.1", port);
    KafkaOptions options = KafkaOptions.in(data).onPort(port).advertising(proxy.port());
    return new Broker(name, KafkaProcess.start(options), proxy, proxy.address());
  }

  /** A broker that hosts on another network reach at that address of this one. */
  static Broker start(String name, Path data, String address) {
    int port = FreePort.find();
    String internal = "INTERNAL://127.0.0.1:" + FreePort.find();
    int controller = FreePort.find();
    KafkaOptions options =
        KafkaOptions.in(data)
            .onPort(port)
            .with(
                "listeners",
                "CLIENTS://0.0.0.0:"
                    + port
                    + ","
                    + internal
                    + ",CONTROLLER://127.0.0.1:"
                    + controller)
            .with("advertised.listeners", "CLIENTS://" + address + ":" + port + "," + internal)
            .with("controller.quorum.voters", "1@127.0.0.1:" + controller);
    return new Broker(name, KafkaProcess.start(options), null, address + ":" + port);
  }

  String name() {
    return name;
  }

  public KafkaProcess process() {
    return process;
  }

  public TcpProxy proxy() {
    if (proxy == null) {
      throw new IllegalStateException("no proxy (expected: a broker started with one)");
    }
    return proxy;
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    process.close();
    if (proxy != null) {
      proxy.close();
    }
  }
}
