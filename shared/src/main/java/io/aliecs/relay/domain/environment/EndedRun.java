package io.aliecs.relay.domain.environment;

/**
 * A run of an environment that is over, or that was announced and failed to start.
 *
 * @param number 1 to 2<sup>32</sup>−1
 * @param endedAt when it ended, ms since epoch
 */
public record EndedRun(long number, long endedAt) {}
