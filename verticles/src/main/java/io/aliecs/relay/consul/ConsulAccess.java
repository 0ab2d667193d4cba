package io.aliecs.relay.consul;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.consul.ConsulClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks Consul, one question at a time, each with an end to it. The library's client completes some
 * calls never and can take none back; so each access has a client of its own, closed, with its
 * connections, when a question fails, is late or is given up, and when the token is another one.
 * Use from one Vert.x context.
 */
public final class ConsulAccess {

  private final ConsulAgents agents;
  private @Nullable ConsulClient client;
  private Optional<String> secret = Optional.empty();
  private int asked;
  private @Nullable Promise<?> pending;
  private boolean closed;

  ConsulAccess(ConsulAgents agents) {
    this.agents = agents;
  }

  /**
   * Asks.
   *
   * @param limit how long the whole answer may take, connecting included
   * @param question what is asked of the client, and what is made of the answer; may throw
   * @return fails with {@link ConsulException} only
   */
  public <T> Future<T> ask(Duration limit, Function<ConsulClient, Future<T>> question) {
    if (closed) {
      return Future.failedFuture(cancelled());
    }
    Promise<T> answer = Promise.promise();
    pending = answer;
    long deadline = agents.vertx().setTimer(limit.toMillis(), late -> answer.tryFail(late(limit)));
    agents
        .token()
        .current()
        .compose(
            now ->
                answer.future().isComplete()
                    ? Future.<T>failedFuture(cancelled())
                    : question.apply(client(now)))
        .onSuccess(answer::tryComplete)
        .onFailure(answer::tryFail);
    return answer
        .future()
        .onComplete(done -> agents.vertx().cancelTimer(deadline))
        .onSuccess(done -> release(answer))
        .recover(cause -> Future.failedFuture(failed(answer, cause)));
  }

  /** Gives up the question that is under way, if any: it fails now and its connection is closed. */
  public void cancel() {
    Promise<?> abandoned = pending;
    pending = null;
    if (abandoned != null) {
      drop();
      abandoned.tryFail(cancelled());
    }
  }

  /** Gives up for good. */
  public void close() {
    closed = true;
    cancel();
    drop();
  }

  private ConsulClient client(Optional<String> now) {
    ConsulClient usable = client;
    if (usable == null || !now.equals(secret) || asked != agents.preferred()) {
      drop();
      asked = agents.preferred();
      secret = now;
      usable = agents.client(now);
      client = usable;
    }
    return usable;
  }

  private ConsulException failed(Promise<?> answer, Throwable cause) {
    ConsulException failure = ConsulException.of(cause, agents.address(asked));
    if (pending == answer) {
      drop();
      if (failure.reason() != ConsulException.Reason.TOKEN_FILE) {
        agents.moveOn(asked);
      }
    }
    release(answer);
    return failure;
  }

  private void release(Promise<?> answer) {
    if (pending == answer) {
      pending = null;
    }
  }

  private void drop() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private static ConsulException late(Duration limit) {
    return new ConsulException(
        ConsulException.Reason.TIMEOUT, "no whole answer within " + limit.toMillis() + " ms");
  }

  private static ConsulException cancelled() {
    return new ConsulException(ConsulException.Reason.CANCELLED, "given up");
  }
}
