/**
 * The switches in Consul: watches the two keys of the contract, judges what they hold, and tells
 * the rest of the relay what is in force.
 *
 * <p>{@link io.aliecs.relay.config.ConfigVerticle} wires it: a {@code KeyWatch} for each key fires,
 * {@code PairReader} reads both keys as one consistent pair, {@code SettingsDocument} and {@code
 * KafkaEnabledText} judge them, {@code SettingsState} keeps what was good last.
 */
package io.aliecs.relay.config;
