/** AliECS's topics, as they are read. */
package io.aliecs.relay.ingest.stream;
