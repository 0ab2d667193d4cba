/**
 * Shows which of the relay's topics are there, how they are set, and the last message of each.
 * Asking Kafka ({@link io.aliecs.relay.host.topics.TopicInspector}), judging and showing are apart.
 */
package io.aliecs.relay.host.topics;
