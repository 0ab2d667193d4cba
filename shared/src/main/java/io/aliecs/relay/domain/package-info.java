/**
 * The domain: the state that every control host replicates, and what a command does to it. In the
 * rooms beside it are AliECS's words, commands, environments and messages. Pure functions over
 * immutable records; no Vert.x, Kafka or Consul in here.
 */
package io.aliecs.relay.domain;
