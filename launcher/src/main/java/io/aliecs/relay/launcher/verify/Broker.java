package io.aliecs.relay.launcher.verify;

import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.dev.KafkaOptions;
import io.aliecs.relay.dev.KafkaProcess;
import io.aliecs.relay.dev.TcpProxy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A broker as a process of its own, behind a proxy when its connections are to be broken. */
final class Broker implements AutoCloseable {
  private final String name;
  private final KafkaProcess process;
  private final @Nullable TcpProxy proxy;

  private Broker(String name, KafkaProcess process, @Nullable TcpProxy proxy) {
    this.name = name;
    this.process = process;
    this.proxy = proxy;
  }

  static Broker start(String name, Path data, boolean proxied) {
    if (!proxied) {
      return new Broker(name, KafkaProcess.start(data, 0), null);
    }
    int port = FreePort.find();
    TcpProxy proxy = TcpProxy.start("127.0.0.1", port);
    KafkaOptions options = KafkaOptions.in(data).onPort(port).advertising(proxy.port());
    return new Broker(name, KafkaProcess.start(options), proxy);
  }

  String name() {
    return name;
  }

  KafkaProcess process() {
    return process;
  }

  TcpProxy proxy() {
    if (proxy == null) {
      throw new IllegalStateException("no proxy (expected: a broker started with one)");
    }
    return proxy;
  }

  String bootstrapServers() {
    return proxy == null ? process.bootstrapServers() : proxy.address();
  }

  @Override
  public void close() {
    process.close();
    if (proxy != null) {
      proxy.close();
    }
  }
}
