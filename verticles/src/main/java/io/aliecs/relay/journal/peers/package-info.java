/** Who may say what at the port of the journal. */
package io.aliecs.relay.journal.peers;
