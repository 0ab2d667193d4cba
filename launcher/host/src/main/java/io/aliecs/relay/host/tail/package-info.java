/**
 * Reads the relay's topics, and AliECS's own, for people or as JSON lines. Reading ({@link
 * io.aliecs.relay.host.tail.TopicFollower}), decoding and showing are apart.
 */
package io.aliecs.relay.host.tail;
