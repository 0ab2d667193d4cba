/**
 * Proves exact delivery: drives the packaged relay with a load that is known, breaks things under
 * it, and compares what Kafka holds with what the contract says. {@link
 * io.aliecs.relay.lab.verify.check.DeliveryChecker} is pure; the rest starts and breaks processes.
 */
package io.aliecs.relay.lab.verify;
