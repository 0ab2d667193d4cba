/** The stations of {@code relay check}: what each looks at, and what it found. */
package io.aliecs.relay.host.check.station;
