package io.aliecs.relay.config;

import java.util.List;

/**
 * What the relay understands of the YAML document that it shares with AliECS.
 *
 * @param kafkaPlugin whether {@code integrationPlugins} holds {@code kafka}
 * @param brokers {@code kafkaEndpoints}, or {@code kafkaEndpoint} alone; never empty when {@code
 *     kafkaPlugin}
 */
record SettingsDocument(boolean kafkaPlugin, List<String> brokers) {

  /** The largest document that is looked at, in bytes. */
  static final int LARGEST = 256 * 1024;

  SettingsDocument {
    brokers = List.copyOf(brokers);
  }

  /**
   * Judges a document. Strict about {@code kafkaEndpoint}, {@code kafkaEndpoints} and {@code
   * integrationPlugins}, blind to every other key. Pure; takes up to some tens of milliseconds for
   * the largest documents, so keep it off the event loop.
   */
  static ParsedSettings parse(byte[] bytes) {
    try {
      return new ParsedSettings.Accepted(SettingsRules.read(YamlTree.read(bytes)));
    } catch (RefusedException refused) {
      return new ParsedSettings.Refused(refused.refusal());
    }
  }
}
