/** Records of what is to be published, and what becomes of those that Kafka refuses. */
package io.aliecs.relay.publisher.records;
