/** The transactional producer, and the topics it writes to. */
package io.aliecs.relay.publisher.kafka;
