package io.aliecs.relay.bus;

/**
 * Who leads, as this host sees it.
 *
 * @param leading whether this host leads and takes commands
 * @param term the term of the journal; a later leader has a higher one
 * @param leaderId id of the host that leads, empty when none is known
 */
public record Leadership(boolean leading, long term, String leaderId) {}
