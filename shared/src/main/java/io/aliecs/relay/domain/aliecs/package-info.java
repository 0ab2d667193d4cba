/**
 * AliECS's words: states and transitions of environments, what its stream reports and where in it,
 * and what may have ended an environment whose end it has not reported.
 */
package io.aliecs.relay.domain.aliecs;
