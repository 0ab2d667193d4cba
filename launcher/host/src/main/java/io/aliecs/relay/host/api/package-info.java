/** Asks a host over HTTP. */
package io.aliecs.relay.host.api;
