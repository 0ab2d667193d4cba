/**
 * Asks a relay over HTTP, and has it change something: {@code relay send}, {@code resend}, {@code
 * forget} and {@code hosts}.
 */
package io.aliecs.relay.host.api;
