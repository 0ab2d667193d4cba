/** The Kafka clients of the publisher, and what it has left in Kafka for its successor to read. */
package io.aliecs.relay.publisher.kafka;
