/**
 * Reads AliECS's own event stream from Kafka and appends what happened to the journal: the mapping
 * of one record is pure ({@link io.aliecs.relay.ingest.mapping.StreamEventMapper}), Kafka is read
 * on a thread of its own, and the place in the stream is kept in the journal beside the state it
 * led to.
 */
package io.aliecs.relay.ingest;
