package io.aliecs.relay.lab.verify.site;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.testkit.consul.ConsulApi;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.aliecs.relay.testkit.consul.ConsulProgram;
import io.aliecs.relay.testkit.standin.ConsulStandIn;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real Consul where there is its program, else the stand-in; with the two keys the relay reads.
 */
public final class ConsulServer implements AutoCloseable {
  private static final long START_LIMIT_S = 20;

  private final String address;
  private final ConsulApi api;
  private final Runnable end;

  private ConsulServer(String address, Runnable end) {
    this.address = address;
    this.api = new ConsulApi(address, Optional.empty());
    this.end = end;
  }

  static ConsulServer start(Path folder) throws IOException {
    return hasProgram() ? ofProgram(folder) : standIn("127.0.0.1");
  }

  private static boolean hasProgram() {
    try {
      ConsulProgram.find();
      return true;
    } catch (IllegalStateException none) {
      return false;
    }
  }

  private static ConsulServer ofProgram(Path folder) throws IOException {
    ConsulProcess process = ConsulProcess.inMemory(folder);
    return new ConsulServer("http://" + process.address(), process::close);
  }

  /** The stand-in, for hosts on another network. */
  static ConsulServer standIn(String address) throws IOException {
    Vertx vertx = Vertx.vertx();
    try {
      ConsulStandIn consul =
          ConsulStandIn.start(vertx, address, 0).await(START_LIMIT_S, TimeUnit.SECONDS);
      return new ConsulServer(consul.address(), vertx::close);
    } catch (Exception failed) { // whatever Vert.x throws, declared or not
      vertx.close();
      throw new IOException("the stand-in of Consul does not start: " + failed, failed);
    }
  }

  String address() {
    return address;
  }

  void enableNewEnvironments() throws IOException {
    api.put(ConsulOptions.KAFKA_ENABLED_KEY, "true");
  }

  /** Turns the plugin on, publishing to that broker. */
  public void turnOn(Broker broker) throws IOException {
    api.put(ConsulOptions.SETTINGS_KEY, settings(broker, "[kafka, bookkeeping]"));
  }

  /** Turns the plugin off. */
  public void turnOff(Broker broker) throws IOException {
    api.put(ConsulOptions.SETTINGS_KEY, settings(broker, "[bookkeeping]"));
  }

  private static String settings(Broker broker, String plugins) {
    return "kafkaEndpoints:\n  - \""
        + broker.bootstrapServers()
        + "\"\nintegrationPlugins: "
        + plugins
        + "\n";
  }

  @Override
  public void close() {
    end.run();
  }
}
