package io.aliecs.relay.config;

import io.aliecs.relay.config.document.KafkaEnabledText;
import io.aliecs.relay.config.document.ParsedSettings;
import io.aliecs.relay.config.document.SettingsDocument;
import io.aliecs.relay.config.document.SettingsViolation;
import io.aliecs.relay.consul.KeyReading;
import io.aliecs.relay.consul.PairReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What both keys mean.
 *
 * @param settings the settings key as it was read
 * @param document what its value means, null when the key is not there
 * @param kafkaEnabled the {@code kafka_enabled} key as it was read
 * @param text what its value means, null when the key is not there
 */
record ParsedKeys(
    KeyReading settings,
    @Nullable ParsedSettings document,
    KeyReading kafkaEnabled,
    @Nullable KafkaEnabledText text) {

  private static final ParsedSettings TOO_SLOW =
      refused("one that cannot be read in time", "one that is read within a second");

  /** Beyond the reader's own bound; what takes longer is left to its thread and refused. */
  private static final long LONGEST_MILLIS = 5_000;

  /** Judges a pair off the event loop; a document that is not understood in time is refused. */
  static Future<ParsedKeys> of(Vertx vertx, PairReader.Pair pair) {
    return vertx
        .executeBlocking(() -> judged(pair, document(pair.first())), false)
        .timeout(LONGEST_MILLIS, TimeUnit.MILLISECONDS)
        .recover(
            late ->
                late instanceof TimeoutException
                    ? Future.succeededFuture(judged(pair, TOO_SLOW))
                    : Future.failedFuture(late));
  }

  private static ParsedKeys judged(PairReader.Pair pair, @Nullable ParsedSettings document) {
    KeyReading enabled = pair.second();
    return new ParsedKeys(
        pair.first(),
        document,
        enabled,
        enabled.isPresent() ? KafkaEnabledText.parse(enabled.bytes()) : null);
  }

  private static @Nullable ParsedSettings document(KeyReading settings) {
    if (!settings.isPresent()) {
      return null;
    }
    return settings.isText()
        ? SettingsDocument.parse(settings.bytes())
        : refused("bytes that are no UTF-8 text, or U+FFFD", "UTF-8 text");
  }

  private static ParsedSettings refused(String found, String expected) {
    return new ParsedSettings.Refused(new SettingsViolation("", 0, 0, found, expected));
  }
}
