/** Tells whether every control host is on the event bus, and how its certificates are. */
package io.aliecs.relay.membership;
