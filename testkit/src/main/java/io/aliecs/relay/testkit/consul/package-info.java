/** A real Consul as a process of its own. */
package io.aliecs.relay.testkit.consul;
