/**
 * HTTP: active runs and environments as JSON, and on a port of its own health and metrics. Answers
 * from the newest state that this host has applied, so it needs neither Kafka nor Consul.
 */
package io.aliecs.relay.web;
