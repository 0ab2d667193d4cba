/** The certificates by which control hosts authenticate each other. */
package io.aliecs.relay.journal.tls;
