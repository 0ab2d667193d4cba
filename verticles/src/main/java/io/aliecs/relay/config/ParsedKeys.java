package io.aliecs.relay.config;

import io.aliecs.relay.config.document.RefusedException;
import io.aliecs.relay.config.document.SettingsDocument;
import io.aliecs.relay.consul.PairReader.Pair;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Both keys as they were read, and what the document means.
 *
 * @param document what the settings mean, null when they were refused or are not there
 * @param refusal why they were refused, empty when they were not
 */
record ParsedKeys(Pair pair, @Nullable SettingsDocument document, String refusal) {

  /** The largest document takes a tenth of that; what takes longer is left to its thread. */
  private static final long LONGEST_MILLIS = 5_000;

  /** Parses a pair off the event loop; a document that is not understood in time is refused. */
  static Future<ParsedKeys> of(Vertx vertx, Pair pair) {
    return vertx
        .executeBlocking(() -> parse(pair), false)
        .timeout(LONGEST_MILLIS, TimeUnit.MILLISECONDS)
        .recover(
            late ->
                late instanceof TimeoutException
                    ? Future.succeededFuture(
                        new ParsedKeys(
                            pair,
                            null,
                            "the document: found one that cannot be read in time (expected: one"
                                + " that is read within 5 s)"))
                    : Future.failedFuture(late));
  }

  private static ParsedKeys parse(Pair pair) {
    if (!pair.settings().isPresent()) {
      return new ParsedKeys(pair, null, "");
    }
    try {
      return new ParsedKeys(pair, SettingsDocument.parse(pair.settings().value()), "");
    } catch (RefusedException e) {
      return new ParsedKeys(pair, null, e.sentence());
    }
  }
}
