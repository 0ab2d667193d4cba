/** What AliECS writes in the life of an environment, to the last field. */
package io.aliecs.relay.lab.simulate.events;
