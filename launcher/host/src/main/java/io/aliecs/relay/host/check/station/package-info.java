/** The stations of {@code relay check}: what each looks at, and what it found. */
@org.jspecify.annotations.NullMarked
package io.aliecs.relay.host.check.station;
