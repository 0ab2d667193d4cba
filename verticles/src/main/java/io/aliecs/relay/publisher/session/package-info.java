/** One transactional session with Kafka, from its fence until it fails or is closed. */
package io.aliecs.relay.publisher.session;
