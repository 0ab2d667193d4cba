/** What every adapter of Kafka needs, whichever verticle it belongs to. */
package io.aliecs.relay.kafka;
