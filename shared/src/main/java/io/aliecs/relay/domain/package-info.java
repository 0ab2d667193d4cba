/**
 * The domain: environments, their states, transitions and runs, what a change of one has to tell
 * the world, and the state every control host replicates. Pure functions over immutable records; no
 * Vert.x, Kafka or Consul in here.
 */
package io.aliecs.relay.domain;
