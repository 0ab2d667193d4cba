/**
 * The packaged relay as a process of its own, between a real Kafka and a real Consul: what the
 * contract says, seen from outside.
 */
package io.aliecs.relay.lab.acceptance;
