package io.aliecs.relay.bus.status;

/**
 * What AliECS's core has, by its own answer.
 *
 * @param count of its environments, 0 when it is not known
 * @param newestCreated when the newest of them was made, ms since epoch by AliECS's clock; 0 when
 *     there is none
 */
public record CoreEnvironments(int count, long newestCreated) {}
