/** {@code relay dev}: Kafka, Consul, AliECS and the relay itself, on one machine, at once. */
package io.aliecs.relay.lab.dev;
