/**
 * The group of hosts that share the journal: its members and its leader, and the clients of Ratis
 * for both.
 */
package io.aliecs.relay.journal.group;
