/** What {@code dev} has for a Consul where there is none. */
package io.aliecs.relay.testkit.standin;
