/** {@code relay runs}: the active runs in a terminal. */
@NullMarked
package io.aliecs.relay.host.runs;

import org.jspecify.annotations.NullMarked;
