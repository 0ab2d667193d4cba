/**
 * The switches in Consul: watches the two keys of the contract, judges what they hold, and tells
 * the rest of the relay what is in force.
 *
 * <p>{@link io.aliecs.relay.config.ConfigVerticle} wires it: a {@code ConsulKeyWatch} for each key
 * fires, {@code SettingsReader} reads both keys as one consistent pair, {@code SettingsDocument}
 * and {@code KafkaEnabledText} judge them, {@code Ledger} keeps what was good last.
 */
package io.aliecs.relay.config;
