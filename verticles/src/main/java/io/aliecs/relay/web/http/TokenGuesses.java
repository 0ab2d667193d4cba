package io.aliecs.relay.web.http;

import io.aliecs.relay.retry.RateLimitedLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wrong tokens: each is answered late, counted and logged, and further ones of an address that has
 * too many unanswered are not looked at. A guesser gets a few tries a second. For one event loop.
 */
public final class TokenGuesses {
  private static final Logger LOG = LoggerFactory.getLogger(TokenGuesses.class);
  private static final int AT_ONCE = 5;
  private static final long DELAY_MS = 1_000;

  private final Vertx vertx;
  private final Counter failures;
  private final RateLimitedLog log = new RateLimitedLog(LOG, System::nanoTime);

  /** Those not answered yet, by address; as many entries as connections at most. */
  private final Map<String, Integer> waiting = new HashMap<>();

  public TokenGuesses(Vertx vertx, MeterRegistry registry) {
    this.vertx = vertx;
    this.failures =
        Counter.builder("relay.http.token.failures")
            .description("Requests with a wrong token")
            .register(registry);
  }

  /** Takes a token of that address to be looked at; false when too many are being looked at. */
  boolean begin(String address) {
    if (waiting.getOrDefault(address, 0) >= AT_ONCE) {
      return false;
    }
    waiting.merge(address, 1, Integer::sum);
    return true;
  }

  /** It was looked at, and was right or could not be compared. */
  void end(String address) {
    waiting.computeIfPresent(address, (key, n) -> n == 1 ? null : n - 1);
  }

  /** It was wrong; ends when that may be answered. */
  Future<Void> wrong(String address, String path) {
    failures.increment();
    log.warn(() -> "A wrong token from " + address + " for " + Problem.shown(path) + ": refused");
    return vertx.timer(DELAY_MS, TimeUnit.MILLISECONDS).mapEmpty();
  }
}
