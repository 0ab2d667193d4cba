package io.aliecs.relay.consul;

import static io.aliecs.relay.consul.ConsulOptions.KAFKA_ENABLED_KEY;
import static io.aliecs.relay.consul.ConsulOptions.KEYS;
import static io.aliecs.relay.consul.ConsulOptions.SETTINGS_KEY;

import io.aliecs.relay.text.Quoted;
import io.vertx.core.Future;
import io.vertx.ext.consul.KeyValue;
import io.vertx.ext.consul.TxnError;
import io.vertx.ext.consul.TxnKVOperation;
import io.vertx.ext.consul.TxnKVVerb;
import io.vertx.ext.consul.TxnRequest;
import io.vertx.ext.consul.TxnResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads both keys as one consistent pair, so that a Consul transaction over both is seen whole or
 * not at all: in one transaction of two gets. Where a key is not there, which that transaction says
 * without the other's value, or where something on the way passes no transactions on, the keys are
 * read one by one, and the first has to be the same before and behind the second.
 */
public final class PairReader {

  /** How long an answer may take that Consul can give at once. */
  static final Duration ANSWER = Duration.ofSeconds(1);

  /** How often a pair that changes under our eyes is read again before it is taken as a failure. */
  private static final int MOST_TRIES = 5;

  private static final String NO_SUCH_KEY = "doesn't exist";

  /** Both keys at one moment. */
  public record Pair(KeyReading settings, KeyReading kafkaEnabled) {}

  private final ConsulAccess consul;
  private final Duration limit;

  /** Whether transactions are passed on, as far as is known; asked anew when a read fails. */
  private boolean transactions = true;

  /**
   * A reader that has yet to be asked.
   *
   * @param limit how long each answer may take
   */
  public PairReader(ConsulAccess consul, Duration limit) {
    this.consul = consul;
    this.limit = limit;
  }

  /** Reads both; one read at a time. Fails with {@link ConsulException} only. */
  public Future<Pair> read() {
    Future<Optional<Pair>> together =
        transactions ? together() : Future.succeededFuture(Optional.empty());
    return together
        .recover(
            cause -> {
              if (ConsulException.of(cause).reason() != ConsulException.Reason.NOT_PASSED_ON) {
                return Future.failedFuture(cause);
              }
              transactions = false;
              return Future.succeededFuture(Optional.empty());
            })
        .compose(pair -> pair.map(Future::succeededFuture).orElseGet(() -> oneByOne(MOST_TRIES)))
        .onFailure(cause -> transactions = true);
  }

  /** Whether the last read was one request. */
  boolean transactions() {
    return transactions;
  }

  private Future<Optional<Pair>> together() {
    TxnRequest gets = new TxnRequest();
    for (String key : KEYS) {
      gets.addOperation(new TxnKVOperation().setType(TxnKVVerb.GET).setKey(key));
    }
    return consul.ask(limit, client -> client.transaction(gets).map(PairReader::pair));
  }

  /** What a transaction of both gets found, empty when a key is not there. */
  private static Optional<Pair> pair(TxnResponse answer) {
    for (TxnError error : answer.getErrors()) {
      String what = String.valueOf(error.getWhat());
      if (!what.endsWith(NO_SUCH_KEY)) {
        throw new ConsulException(
            what.contains("ermission denied")
                ? ConsulException.Reason.FORBIDDEN
                : ConsulException.Reason.SERVER_ERROR,
            "found " + Quoted.of(what) + " (expected: both keys)");
      }
    }
    if (answer.getErrorsSize() > 0) {
      return Optional.empty();
    }
    if (answer.getResultsSize() < KEYS.size()) {
      throw new ConsulException(
          ConsulException.Reason.FORBIDDEN,
          "found " + answer.getResultsSize() + " of " + KEYS + " (expected: read on each)");
    }
    return Optional.of(
        new Pair(
            KeyReading.of(SETTINGS_KEY, (KeyValue) answer.getResults().get(0)),
            KeyReading.of(KAFKA_ENABLED_KEY, (KeyValue) answer.getResults().get(1))));
  }

  private Future<Pair> oneByOne(int triesLeft) {
    return alone(SETTINGS_KEY)
        .compose(
            settings ->
                alone(KAFKA_ENABLED_KEY)
                    .compose(
                        kafkaEnabled ->
                            alone(SETTINGS_KEY)
                                .compose(
                                    after ->
                                        after.equals(settings)
                                            ? Future.succeededFuture(
                                                new Pair(settings, kafkaEnabled))
                                            : again(triesLeft - 1))));
  }

  private Future<Pair> again(int triesLeft) {
    return triesLeft > 0
        ? oneByOne(triesLeft)
        : Future.failedFuture(
            new ConsulException(
                ConsulException.Reason.UNSETTLED, KEYS + " change faster than they can be read"));
  }

  private Future<KeyReading> alone(String key) {
    return consul.ask(
        limit, client -> client.getValue(key).map(answer -> KeyReading.of(key, answer)));
  }
}
