package io.aliecs.relay.config;

import io.aliecs.relay.settings.ConsulOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What we ask of Consul, each a single HTTP request that ends in time: the value of a key, at once
 * or when it changes, whether there is a leader, and what {@link ConsulAgent} asks. Addresses are
 * tried in turn: a request goes to the one that answered last, and a failure of it moves on to the
 * next.
 *
 * <p>Every request has a connection of its own: a pooled one may have died unnoticed, and blocking
 * queries last so long that there is nothing to gain. Use from one Vert.x context.
 */
final class ConsulKv {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int MOST_CONNECTIONS = 16;

  private final Vertx vertx;
  private final ConsulOptions options;
  private final Duration margin;
  private final ConsulToken token;
  private final HttpClient client;
  private final Set<ConsulExchange> open = new HashSet<>();
  private int preferred;
  private boolean closed;

  ConsulKv(Vertx vertx, ConsulOptions options, Duration margin) {
    this.vertx = vertx;
    this.options = options;
    this.margin = margin;
    this.token = new ConsulToken(vertx, options);
    HttpClientOptions http =
        new HttpClientOptions()
            .setKeepAlive(false)
            .setTcpKeepAlive(true)
            .setConnectTimeout((int) CONNECT.toMillis());
    options
        .caCert()
        .ifPresent(ca -> http.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
    options
        .clientCert()
        .ifPresent(
            cert ->
                http.setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertPath(cert.toString())
                        .addKeyPath(options.clientKey().orElseThrow().toString())));
    this.client =
        vertx
            .httpClientBuilder()
            .with(http)
            // Each request hears of a broken connection itself; Vert.x need not log it as an error.
            .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(MOST_CONNECTIONS)
                    .setMaxWaitQueueSize(MOST_CONNECTIONS))
            .build();
  }

  /** One request under way: how it ends, and a way to give it up. Told apart by identity. */
  static final class Pending<T> {
    private final Future<T> future;
    private final Runnable cancel;

    private Pending(Future<T> future, Runnable cancel) {
      this.future = future;
      this.cancel = cancel;
    }

    Future<T> future() {
      return future;
    }

    /** Makes the future fail now, if it has not ended, and closes the connection. */
    void cancel() {
      cancel.run();
    }
  }

  /** The value of a key as it is now, from the leader. */
  Pending<KeyReading> read(String key) {
    return get(key, "", margin);
  }

  /** The value of a key once the index is above the given one, or when the wait is over. */
  Pending<KeyReading> readAfter(String key, long index) {
    Duration wait = options.queryWait();
    return get(
        key,
        "index=" + index + "&wait=" + wait.toMillis() + "ms",
        wait.plus(wait.dividedBy(16)).plus(margin));
  }

  /** Succeeds when an agent answers and its servers have a leader. */
  Pending<Void> askForLeader(Duration timeout) {
    return ask("/v1/status/leader", timeout, ConsulKv::leader);
  }

  /** The token of this moment. */
  ConsulToken token() {
    return token;
  }

  /**
   * Gives up all that is under way and closes every connection; nothing can be asked afterwards.
   */
  Future<Void> close() {
    closed = true;
    Set.copyOf(open).forEach(ConsulExchange::cancel);
    return client.close();
  }

  private Pending<KeyReading> get(String key, String query, Duration timeout) {
    String datacenter = options.datacenter().map(name -> "dc=" + encoded(name)).orElse("");
    String all =
        query.isEmpty() || datacenter.isEmpty() ? query + datacenter : query + "&" + datacenter;
    String path = "/v1/kv/" + encoded(key).replace("%2F", "/");
    return ask(all.isEmpty() ? path : path + "?" + all, timeout, answer -> reading(key, answer));
  }

  /** Makes something of an answer, or refuses it. */
  interface Reader<T> {
    T read(ConsulExchange.Answer answer) throws ConsulFailure;
  }

  private <T> Pending<T> ask(String uri, Duration timeout, Reader<T> reader) {
    return ask(HttpMethod.GET, uri, Buffer.buffer(), timeout, reader);
  }

  /** Asks anything; a body may be empty. */
  <T> Pending<T> ask(
      HttpMethod method, String uri, Buffer body, Duration timeout, Reader<T> reader) {
    ConsulExchange exchange = new ConsulExchange(vertx, timeout.toMillis());
    open.add(exchange);
    int asked = preferred;
    if (closed) {
      exchange.cancel();
    } else {
      token
          .current()
          .onSuccess(secret -> exchange.send(client, request(asked, method, uri, secret), body))
          .onFailure(
              cause ->
                  exchange.fail(
                      ConsulFailure.of(cause).reason(), String.valueOf(cause.getMessage())));
    }
    Future<T> result =
        exchange
            .future()
            .compose(
                answer -> {
                  try {
                    return Future.succeededFuture(reader.read(answer));
                  } catch (ConsulFailure failure) {
                    return Future.failedFuture(failure);
                  }
                })
            .onComplete(
                done -> {
                  open.remove(exchange);
                  if (done.failed()) {
                    moveOn(asked, ConsulFailure.of(done.cause()));
                  }
                });
    return new Pending<>(result, exchange::cancel);
  }

  private void moveOn(int asked, ConsulFailure failure) {
    boolean ours =
        failure.reason() == ConsulFailure.Reason.CANCELLED
            || failure.reason() == ConsulFailure.Reason.TOKEN_FILE;
    if (!ours && asked == preferred) {
      preferred = (preferred + 1) % options.addresses().size();
    }
  }

  private RequestOptions request(
      int asked, HttpMethod method, String uri, Optional<String> secret) {
    ConsulOptions.Address address = options.addresses().get(asked);
    RequestOptions request =
        new RequestOptions()
            .setMethod(method)
            .setHost(address.host())
            .setPort(address.port())
            .setSsl(address.tls())
            .setURI(uri)
            .putHeader("Accept", "application/json");
    secret.ifPresent(value -> request.putHeader("X-Consul-Token", value));
    return request;
  }

  private static KeyReading reading(String key, ConsulExchange.Answer answer) throws ConsulFailure {
    return switch (answer.status()) {
      case 200 -> KeyReading.fromBody(key, answer.body(), answer.index());
      case 404 -> {
        if (!answer.hasIndex()) {
          throw new ConsulFailure(
              ConsulFailure.Reason.GARBAGE, "a 404 that is not Consul's, without X-Consul-Index");
        }
        yield KeyReading.missing(answer.index());
      }
      default -> throw refused(answer);
    };
  }

  private static Void leader(ConsulExchange.Answer answer) throws ConsulFailure {
    String text = answer.body().toString(StandardCharsets.UTF_8).strip();
    if (answer.status() == 200 && (!text.startsWith("\"") || text.equals("\"\""))) {
      throw new ConsulFailure(
          ConsulFailure.Reason.SERVER_ERROR,
          "found " + Shown.quoted(text) + " (expected: the address of the cluster's leader)");
    }
    if (answer.status() == 429 || answer.status() >= 500) {
      throw refused(answer);
    }
    return null;
  }

  /** What an answer means whose status is not one of those that were hoped for. */
  static ConsulFailure refused(ConsulExchange.Answer answer) {
    ConsulFailure.Reason reason =
        switch (answer.status()) {
          case 401, 403 -> ConsulFailure.Reason.FORBIDDEN;
          case 429 -> ConsulFailure.Reason.THROTTLED;
          default ->
              answer.status() >= 500
                  ? ConsulFailure.Reason.SERVER_ERROR
                  : ConsulFailure.Reason.GARBAGE;
        };
    String body = answer.body().toString(StandardCharsets.UTF_8).strip();
    return new ConsulFailure(reason, "HTTP status " + answer.status() + " " + Shown.quoted(body));
  }

  /** As a part of a URI. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
