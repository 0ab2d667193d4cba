/** The state machine of environments as a verticle, and the periodic duties of a leader. */
package io.aliecs.relay.environment;
