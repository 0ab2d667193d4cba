/**
 * Consul, as everything here asks it: by the library's client, with an end to every question.
 *
 * <p>{@link io.aliecs.relay.consul.ConsulAgents} knows the agents and the token, {@link
 * io.aliecs.relay.consul.ConsulAccess} asks one of them, {@link io.aliecs.relay.consul.PairReader}
 * reads two keys at one moment and {@link io.aliecs.relay.consul.PairWatch} follows them. What the
 * values mean is not known here.
 */
package io.aliecs.relay.consul;
