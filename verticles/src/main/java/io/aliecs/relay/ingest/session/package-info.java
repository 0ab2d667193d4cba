/**
 * One session of a reader: reads on from one place, holds run events until their turn, and sends
 * events to the journal, one batch after the other, until something disturbs it.
 */
package io.aliecs.relay.ingest.session;
