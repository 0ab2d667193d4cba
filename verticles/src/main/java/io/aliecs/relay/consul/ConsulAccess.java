package io.aliecs.relay.consul;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.consul.ConsulClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks Consul, one question at a time, each with an end to it. The library's client never completes
 * some calls and cannot cancel any; so each access has a client of its own, closed, with its
 * connections, when a question fails, is late or is given up, and when the token is another one.
 * Use from one Vert.x context.
 */
public final class ConsulAccess {

  private final ConsulAgents agents;
  private @Nullable ConsulClient client;
  private Optional<String> secret = Optional.empty();
  private ConsulOptions.Address asked;
  private @Nullable Promise<?> pending;
  private boolean closed;

  ConsulAccess(ConsulAgents agents) {
    this.agents = agents;
    this.asked = agents.preferred();
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
        .compose(now -> pending == answer ? question.apply(client(now)) : answer.future())
        .onSuccess(answer::tryComplete)
        .onFailure(answer::tryFail);
    return answer
        .future()
        .onComplete(done -> agents.vertx().cancelTimer(deadline))
        .recover(cause -> Future.failedFuture(failed(answer, cause)));
  }

  /** Closes the connection; what is under way fails now. */
  void cancel() {
    Promise<?> abandoned = pending;
    pending = null;
    drop();
    if (abandoned != null) {
      abandoned.tryFail(cancelled());
    }
  }

  /** Gives up for good. */
  public void close() {
    closed = true;
    cancel();
  }

  private ConsulClient client(Optional<String> now) {
    ConsulClient usable = client;
    if (usable == null || !now.equals(secret) || !asked.equals(agents.preferred())) {
      drop();
      asked = agents.preferred();
      secret = now;
      usable = agents.client(asked, now);
      client = usable;
    }
    return usable;
  }

  private ConsulException failed(Promise<?> answer, Throwable cause) {
    ConsulException failure = ConsulException.of(cause, asked.toString());
    if (pending == answer) {
      drop();
      if (failure.reason() != ConsulException.Reason.TOKEN_FILE) {
        agents.moveOn(asked);
      }
    }
    return failure;
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
