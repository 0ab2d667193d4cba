package io.aliecs.relay.config;

import org.jspecify.annotations.Nullable;

/**
 * What both keys mean.
 *
 * @param settings the settings key as it was read
 * @param document what its value means, null when the key is not there
 * @param kafkaEnabled the {@code kafka_enabled} key as it was read
 * @param text what its value means, null when the key is not there
 */
record Judgement(
    KeyReading settings,
    @Nullable ParsedSettings document,
    KeyReading kafkaEnabled,
    @Nullable KafkaEnabledText text) {

  /** Judges a pair; pure, but too slow for an event loop when the document is large. */
  static Judgement of(SettingsReader.Pair pair) {
    KeyReading settings = pair.settings();
    KeyReading enabled = pair.kafkaEnabled();
    return new Judgement(
        settings,
        settings.isPresent() ? SettingsDocument.parse(settings.bytes()) : null,
        enabled,
        enabled.isPresent() ? KafkaEnabledText.parse(enabled.bytes()) : null);
  }

  /** Judges a pair whose document is not understood in time: it is refused. */
  static Judgement tooSlow(SettingsReader.Pair pair) {
    Refusal refusal =
        new Refusal(
            "", 0, 0, "one that cannot be read in time", "one that is read within a second");
    KeyReading enabled = pair.kafkaEnabled();
    return new Judgement(
        pair.settings(),
        new ParsedSettings.Refused(refusal),
        enabled,
        enabled.isPresent() ? KafkaEnabledText.parse(enabled.bytes()) : null);
  }
}
