/**
 * Looks now and then at the brokers that are published to: whether they answer, whether the topics
 * are those that they were, and who else writes to them.
 */
package io.aliecs.relay.publisher.watch;
