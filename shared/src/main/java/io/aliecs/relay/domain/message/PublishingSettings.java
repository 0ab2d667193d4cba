package io.aliecs.relay.domain.message;

import java.util.List;

/**
 * The settings that may change while data is being taken, as read from Consul.
 *
 * @param pluginEnabled whether {@code integrationPlugins} holds {@code kafka} and {@code
 *     enableKafka} is not false: when false, environments are tracked and nothing is published
 * @param bootstrapServers Kafka brokers that messages are published to, as {@code host:port}, never
 *     empty when {@code pluginEnabled}
 * @param publishNewEnvironments default for environments created from now on that do not carry a
 *     {@code kafka_enabled} of their own
 * @param settingsIndex Consul {@code ModifyIndex} of the settings document, 0 when there is none
 * @param kafkaEnabledIndex Consul {@code ModifyIndex} of {@code kafka_enabled}, 0 when there is
 *     none
 * @param sourceServers Kafka brokers that AliECS writes its event stream to, as {@code host:port}
 * @param streamEnabled whether AliECS writes its event stream at all: false when {@code
 *     enableKafka} is
 */
public record PublishingSettings(
    boolean pluginEnabled,
    List<String> bootstrapServers,
    boolean publishNewEnvironments,
    long settingsIndex,
    long kafkaEnabledIndex,
    List<String> sourceServers,
    boolean streamEnabled) {

  /** What is in force before any good settings have been seen: nothing is published. */
  public static final PublishingSettings NONE =
      new PublishingSettings(false, List.of(), false, 0, 0);

  public PublishingSettings {
    bootstrapServers = List.copyOf(bootstrapServers);
    sourceServers = List.copyOf(sourceServers);
    if (pluginEnabled && bootstrapServers.isEmpty()) {
      throw new IllegalArgumentException(
          "bootstrapServers: empty (expected: at least one host:port when the plugin is on)");
    }
  }

  /** The same brokers for both. */
  public PublishingSettings(
      boolean pluginEnabled,
      List<String> bootstrapServers,
      boolean publishNewEnvironments,
      long settingsIndex,
      long kafkaEnabledIndex) {
    this(
        pluginEnabled,
        bootstrapServers,
        publishNewEnvironments,
        settingsIndex,
        kafkaEnabledIndex,
        bootstrapServers,
        true);
  }

  /** True when both publish, or neither does, and to the same brokers. */
  public boolean publishesLike(PublishingSettings other) {
    return pluginEnabled == other.pluginEnabled && bootstrapServers.equals(other.bootstrapServers);
  }

  /** True when both mean the same, whatever Consul indexes they were read from. */
  public boolean sameAs(PublishingSettings other) {
    return publishesLike(other)
        && publishNewEnvironments == other.publishNewEnvironments
        && sourceServers.equals(other.sourceServers)
        && streamEnabled == other.streamEnabled;
  }
}
