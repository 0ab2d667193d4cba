/** Traces of what events do, for OpenTelemetry. */
@org.jspecify.annotations.NullMarked
package io.aliecs.relay.trace;
