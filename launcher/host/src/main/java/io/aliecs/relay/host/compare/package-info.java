/**
 * What AliECS's own plugin publishes beside what the relay publishes. {@link
 * io.aliecs.relay.host.compare.Comparison} is pure; {@link
 * io.aliecs.relay.host.compare.BothPrefixes} reads Kafka.
 */
package io.aliecs.relay.host.compare;
