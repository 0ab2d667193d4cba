package io.aliecs.relay.testkit.kafka;

import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.PortTakenException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real Kafka broker in this process: one node that is broker and KRaft controller, bound to
 * 127.0.0.1, with automatic topic creation off. Its data outlives it: a broker started on the same
 * data directory is the same cluster with the same topics and offsets.
 *
 * <p>Thread-safe. Starting and closing block (a few hundred milliseconds when warm): not for event
 * loops.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /** Name of the listener that clients connect to, for overrides such as its security protocol. */
  public static final String CLIENT_LISTENER = "CLIENTS";

  static final String HOST = "127.0.0.1";
  private static final int ATTEMPTS_ON_FREE_PORTS = 3;
  private static final long STOP_LIMIT_S = 60;

  private final KafkaRaftServer server;
  private final DirectoryLock lock;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(KafkaRaftServer server, DirectoryLock lock, int port) {
    this.server = server;
    this.lock = lock;
    this.port = port;
  }

  /**
   * Starts a broker and returns once it serves clients.
   *
   * @param dataDir where its data is or will be
   * @param port port for clients; 0 takes a free one
   * @throws IllegalStateException when the port is taken, the directory in use, or the broker does
   *     not start
   */
  public static EmbeddedKafka start(Path dataDir, int port) {
    return start(KafkaOptions.in(dataDir).onPort(port));
  }

  /**
   * Starts a broker and returns once it serves clients.
   *
   * @throws IllegalStateException when the port is taken, the directory in use, or the broker does
   *     not start
   */
  public static EmbeddedKafka start(KafkaOptions options) {
    if (options.port() != 0) {
      return startOnce(options);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return startOnce(options.onPort(FreePort.find()));
      } catch (PortTakenException raced) {
        if (attempt == ATTEMPTS_ON_FREE_PORTS) {
          throw raced;
        }
      }
    }
  }

  /**
   * Where clients connect to, as {@code 127.0.0.1:port}: the broker itself, whatever it advertises.
   */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** The port clients connect to. */
  public int port() {
    return port;
  }

  /**
   * Stops the broker in good order and waits for it. Does nothing the second time.
   *
   * @throws IllegalStateException when it has not stopped after {@value #STOP_LIMIT_S} s
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try (lock) {
        stop();
      }
    }
  }

  /** On a thread of its own: the broker would wait for its own threads for ever. */
  private void stop() {
    Thread stopping =
        new Thread(
            () -> {
              server.shutdown();
              server.awaitShutdown();
            },
            "kafka-stop");
    stopping.setDaemon(true);
    stopping.start();
    try {
      stopping.join(TimeUnit.SECONDS.toMillis(STOP_LIMIT_S));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (stopping.isAlive()) {
      throw new IllegalStateException(
          bootstrapServers() + ": Kafka has not stopped (expected: within " + STOP_LIMIT_S + " s)");
    }
  }

  private static EmbeddedKafka startOnce(KafkaOptions options) {
    if (!FreePort.isFree(options.port())) {
      throw new PortTakenException(HOST, options.port());
    }
    DirectoryLock lock = DirectoryLock.take(options.dataDir());
    try {
      format(options.dataDir());
      return new EmbeddedKafka(startServer(options), lock, options.port());
    } catch (RuntimeException failed) {
      lock.close();
      throw failed;
    }
  }

  private static KafkaRaftServer startServer(KafkaOptions options) {
    BrokerProperties properties = BrokerProperties.of(options);
    KafkaRaftServer server = null;
    try {
      server = new KafkaRaftServer(new KafkaConfig(properties.asMap(), false), Time.SYSTEM);
      server.startup();
      return server;
    } catch (RuntimeException failed) {
      if (server != null) {
        server.shutdown();
      }
      if (isBindFailure(failed)) {
        throw new PortTakenException(HOST, options.port());
      }
      throw new IllegalStateException(
          "Kafka on "
              + HOST
              + ":"
              + options.port()
              + " with data in "
              + options.dataDir()
              + " did not start: "
              + rootCause(failed),
          failed);
    }
  }

  private static void format(Path dataDir) {
    if (Files.exists(dataDir.resolve("meta.properties"))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(BrokerProperties.NODE_ID)
          .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
          .setDirectories(List.of(dataDir.toString()))
          .setMetadataLogDirectory(dataDir.toString())
          .run();
    } catch (Exception failed) {
      throw new IllegalStateException(
          dataDir
              + ": cannot be formatted for Kafka (expected: a directory this user can write): "
              + failed.getMessage(),
          failed);
    }
  }

  private static boolean isBindFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    return root;
  }
}
