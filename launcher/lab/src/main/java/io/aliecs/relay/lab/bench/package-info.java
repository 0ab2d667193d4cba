/** How fast the relay is, with real services: {@code relay bench}. */
package io.aliecs.relay.lab.bench;
