/** {@code relay runs}: the active runs in a terminal. */
package io.aliecs.relay.host.runs;
