/** One environment: what is known of it, and which messages an event of it gives readers. */
package io.aliecs.relay.domain.environment;
