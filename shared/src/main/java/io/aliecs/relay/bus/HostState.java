package io.aliecs.relay.bus;

/**
 * What a host knows at one moment.
 *
 * @param newest the state behind the newest entry of the journal that was published
 * @param leadership who leads
 */
public record HostState(StateChanged newest, Leadership leadership) {}
