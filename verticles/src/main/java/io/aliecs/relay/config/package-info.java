/**
 * The switches in Consul: follows the two keys of the contract, judges what they hold, and
 * announces the rest of the relay what is in force.
 *
 * <p>{@link io.aliecs.relay.config.ConfigVerticle} wires it: {@code PairWatch} follows both keys as
 * one consistent pair, {@code SettingsDocument} reads what is shared with AliECS, {@code
 * SettingsState} keeps what was good last.
 */
package io.aliecs.relay.config;
