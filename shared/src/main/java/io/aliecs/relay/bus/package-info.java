/** The event bus: every address, the types of what goes over it, and their codecs. */
package io.aliecs.relay.bus;
