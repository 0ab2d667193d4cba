/**
 * {@code relay check}: walks the whole chain of a control host, one station after the other, and
 * says what is wrong and what to change. Changes nothing.
 */
package io.aliecs.relay.host.check;
