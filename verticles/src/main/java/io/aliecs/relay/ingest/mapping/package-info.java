/** Makes the domain's events of AliECS's. Pure. */
package io.aliecs.relay.ingest.mapping;
