/**
 * Asks AliECS's core over gRPC which environments exist, and has the journal keep what the event
 * stream has missed.
 */
package io.aliecs.relay.reconcile;
