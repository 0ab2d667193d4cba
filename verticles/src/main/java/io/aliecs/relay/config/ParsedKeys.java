package io.aliecs.relay.config;

import io.aliecs.relay.config.document.KafkaEnabledText;
import io.aliecs.relay.config.document.ParsedSettings;
import io.aliecs.relay.config.document.SettingsDocument;
import io.aliecs.relay.config.document.SettingsViolation;
import io.aliecs.relay.consul.KeyReading;
import io.aliecs.relay.consul.PairReader;
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

  /** Judges a pair; pure, but too slow for an event loop when the document is large. */
  static ParsedKeys of(PairReader.Pair pair) {
    KeyReading settings = pair.first();
    return judged(pair, settings.isPresent() ? document(settings) : null);
  }

  /** Judges a pair whose document is not understood in time: it is refused. */
  static ParsedKeys tooSlow(PairReader.Pair pair) {
    SettingsViolation refusal =
        new SettingsViolation(
            "", 0, 0, "one that cannot be read in time", "one that is read within a second");
    return judged(pair, new ParsedSettings.Refused(refusal));
  }

  private static ParsedKeys judged(PairReader.Pair pair, @Nullable ParsedSettings document) {
    KeyReading enabled = pair.second();
    return new ParsedKeys(
        pair.first(),
        document,
        enabled,
        enabled.isPresent() ? KafkaEnabledText.parse(enabled.bytes()) : null);
  }

  private static ParsedSettings document(KeyReading settings) {
    return settings.isText()
        ? SettingsDocument.parse(settings.bytes())
        : new ParsedSettings.Refused(
            new SettingsViolation(
                "", 0, 0, "bytes that are no UTF-8 text, or U+FFFD", "UTF-8 text"));
  }
}
