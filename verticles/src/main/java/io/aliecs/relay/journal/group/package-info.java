/**
 * The group of hosts that share the journal, in the words of Ratis: who they are, who leads, and
 * how they are asked.
 */
package io.aliecs.relay.journal.group;
