/**
 * HTTP: active runs and environments as JSON, and on a port of its own health and metrics. Answers
 * from the newest state that this host has applied, so it needs neither Kafka nor Consul.
 *
 * <p>Each of the packages below is one thing that is served; {@code server} listens, {@code http}
 * holds what all routes stand on, {@code state} what they answer from.
 */
package io.aliecs.relay.web;
