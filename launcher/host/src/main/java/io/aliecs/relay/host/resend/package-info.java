/** {@code relay resend}: publishes once more what a reader has lost. */
@org.jspecify.annotations.NullMarked
package io.aliecs.relay.host.resend;
