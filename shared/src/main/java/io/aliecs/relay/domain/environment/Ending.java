package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.EndCause;

/**
 * An end that is to be expected: unless the environment's own end, or news of it, comes within the
 * grace, the leader ends it.
 *
 * @param reason for people, for example {@code detector TPC is now in environment 2oDv}
 * @param since what it was concluded from has happened then, ms since epoch
 */
public record Ending(EndCause cause, String reason, long since) {}
