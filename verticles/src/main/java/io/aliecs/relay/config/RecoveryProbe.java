package io.aliecs.relay.config;

import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks Consul for its leader at a steady pace, which is cheap, so that the reads themselves may
 * back off far and are still woken soon after Consul has come back. Slow while all is well, faster
 * while anything fails. Also notices a new token in the token file. Use from one Vert.x context.
 */
final class RecoveryProbe {

  private final Vertx vertx;
  private final ConsulKv consul;
  private final WatchTiming timing;
  private final Consumer<@Nullable ConsulFailure> health;
  private final Runnable recovered;

  private boolean good = true;
  private boolean hurried;
  private boolean closed;
  private Optional<String> token = Optional.empty();
  private @Nullable Long timer;
  private ConsulKv.@Nullable Pending<Void> pending;

  /**
   * A probe that has yet to be started.
   *
   * @param health hears after each answer what was wrong, null when nothing was
   * @param recovered called when Consul answers again after it did not, and when the token is new
   */
  RecoveryProbe(
      Vertx vertx,
      ConsulKv consul,
      WatchTiming timing,
      Consumer<@Nullable ConsulFailure> health,
      Runnable recovered) {
    this.vertx = vertx;
    this.consul = consul;
    this.timing = timing;
    this.health = health;
    this.recovered = recovered;
  }

  /** Begins; call once. */
  void start() {
    ask();
  }

  /** Something failed elsewhere, or all is well again: probe often, or seldom. */
  void hurry(boolean often) {
    if (often == hurried || closed) {
      return;
    }
    hurried = often;
    if (often && timer != null) {
      vertx.cancelTimer(timer);
      plan();
    }
  }

  /** Ends it for good. */
  void close() {
    closed = true;
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
    if (pending != null) {
      pending.cancel();
    }
  }

  private void plan() {
    timer =
        vertx.setTimer(
            timing.jittered(hurried || !good ? timing.probe() : timing.heartbeat()),
            fired -> {
              timer = null;
              ask();
            });
  }

  private void ask() {
    ConsulKv.Pending<Void> asked = consul.askForLeader(timing.probeTimeout());
    pending = asked;
    asked
        .future()
        .onComplete(
            answer -> {
              pending = null;
              if (closed) {
                return;
              }
              boolean back = answer.succeeded() && !good;
              good = answer.succeeded();
              health.accept(good ? null : ConsulFailure.of(answer.cause()));
              if (back) {
                recovered.run();
              }
              lookAtToken();
            });
  }

  private void lookAtToken() {
    if (!consul.token().isFromFile()) {
      plan();
      return;
    }
    consul
        .token()
        .current()
        .onComplete(
            read -> {
              if (closed) {
                return;
              }
              if (read.succeeded()) {
                boolean changed = token.isPresent() && !token.equals(read.result());
                token = read.result();
                if (changed) {
                  recovered.run();
                }
              }
              plan();
            });
  }
}
