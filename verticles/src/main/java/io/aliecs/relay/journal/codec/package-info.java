/** Commands and state as bytes of journal entries and snapshots, and back. */
package io.aliecs.relay.journal.codec;
