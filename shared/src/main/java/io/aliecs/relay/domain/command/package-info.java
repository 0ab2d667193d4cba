/**
 * What can change the state of the relay: one kind of command for each kind of journal entry, an
 * event of an environment among them, with the rules by which they are applied and the verdict on
 * them.
 */
package io.aliecs.relay.domain.command;
