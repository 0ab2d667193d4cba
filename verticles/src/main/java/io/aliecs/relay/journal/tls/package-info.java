/** With what control hosts prove who they are. */
package io.aliecs.relay.journal.tls;
