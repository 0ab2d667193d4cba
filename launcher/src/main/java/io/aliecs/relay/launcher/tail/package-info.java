/**
 * Reads the relay's topics, and AliECS's own, for people or as JSON lines. Reading ({@link
 * io.aliecs.relay.launcher.tail.TopicFollower}), decoding and showing are apart.
 */
package io.aliecs.relay.launcher.tail;
