/** Measures the relay with real services. Each bench is a program of its own. */
package io.aliecs.relay.bench;
