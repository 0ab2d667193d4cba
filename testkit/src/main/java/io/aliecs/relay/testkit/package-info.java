/**
 * Real or faithful stand-ins of the services around the relay, for {@code ./relay dev} and for the
 * tests of every module: a Kafka broker in process or as a process of its own, a Consul KV
 * stand-in, and a TCP proxy that breaks connections on demand. Kept out of the production artefact.
 */
package io.aliecs.relay.testkit;
