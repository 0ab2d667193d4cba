/** The state machine of environments as a verticle, and what a leader sees to with time. */
package io.aliecs.relay.environment;
