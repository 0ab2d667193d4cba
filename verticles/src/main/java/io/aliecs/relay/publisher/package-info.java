/**
 * Publishes what the journal holds to Kafka: exactly once, in order, by one transactional producer
 * on the host that leads.
 */
package io.aliecs.relay.publisher;
