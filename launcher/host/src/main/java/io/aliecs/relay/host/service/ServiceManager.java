package io.aliecs.relay.host.service;

import io.aliecs.relay.host.terminal.OneLine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies systemd that this host is ready, alive or about to stop, where systemd started it and
 * asks for that: {@code NOTIFY_SOCKET} is set. Java has no datagram sockets of Unix, so the program
 * {@code systemd-notify} sends the message; a native library for that would be the larger part.
 * Thread safe.
 */
final class ServiceManager {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
  private static final String PROGRAM = "systemd-notify";
  private static final long LONGEST_S = 5;

  private final Vertx vertx;
  private final boolean listens;

  /** How often systemd wants a sign of life, microseconds; 0 for never. */
  private final long watchdogUs;

  /**
   * @param environment that systemd has started this process with
   */
  ServiceManager(Vertx vertx, Map<String, String> environment) {
    this.vertx = vertx;
    listens = !environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty();
    watchdogUs = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
  }

  /**
   * Notifies that this host is ready; from now on it sends signs of life, two in the time that
   * systemd waits for one, each when {@code alive} has completed.
   *
   * @param alive completes when every event loop that matters has turned
   */
  void ready(Supplier<Future<Void>> alive) {
    if (!listens) {
      return;
    }
    send("READY=1");
    if (watchdogUs > 0) {
      long halfMs = Math.max(1, TimeUnit.MICROSECONDS.toMillis(watchdogUs) / 2);
      vertx.setPeriodic(
          halfMs,
          timer ->
              alive
                  .get()
                  .onSuccess(turned -> send("WATCHDOG=1"))
                  .onFailure(
                      failure -> LOG.warn("no sign of life to systemd: {}", OneLine.of(failure))));
    }
  }

  /** Notifies that this host is about to stop; nothing that goes wrong then keeps it from that. */
  Future<Void> stopping() {
    return listens ? send("STOPPING=1") : Future.succeededFuture();
  }

  /** Never fails: what was not sent is logged, and systemd ends what sends no sign of life. */
  private Future<Void> send(String message) {
    return vertx
        .<Void>executeBlocking(() -> run(message), false)
        .recover(
            failure -> {
              LOG.warn("{} was not said to systemd: {}", message, OneLine.of(failure));
              return Future.succeededFuture();
            });
  }

  private static Void run(String message) throws IOException, InterruptedException {
    Process program = new ProcessBuilder(PROGRAM, message).inheritIO().start();
    if (!program.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
      program.destroyForcibly();
      throw new IOException(PROGRAM + " did not end within " + LONGEST_S + " s");
    }
    if (program.exitValue() != 0) {
      throw new IOException(PROGRAM + " ended with " + program.exitValue() + " (expected: 0)");
    }
    return null;
  }
}
