/**
 * AliECS's words: states and transitions of environments, what its stream reports and where in it,
 * and what may have ended an environment of which it has not said so.
 */
package io.aliecs.relay.domain.aliecs;
