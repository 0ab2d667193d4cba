/** A real Kafka, in this process or in one of its own. */
package io.aliecs.relay.testkit.kafka;
